/** All cases, in the order in which they run: the gentle ones first. */
import './activation';
import './entities';
import './features';
import './languages';
import './fillMask';
import './inspect';
import './settings';
import './documents';
import './rules';
import './typing';
import './edits';
import './recovery';
