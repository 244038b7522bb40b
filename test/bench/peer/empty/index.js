module.exports = function notInstalled() {
  throw new Error('This package is left out.');
};
