-- Opens a document in headless Neovim with the language server attached, waits for its diagnostics, asks for a
-- hover, and prints both as one line of JSON. Any failure ends Neovim with code 1 and a message.

local patience = 30000
local interval = 20

local function session()
  local client = vim.lsp.start_client({
    name = 'subtext',
    cmd = { vim.env.SUBTEXT_NODE, vim.env.SUBTEXT_SERVER, '--stdio' },
    root_dir = vim.fn.getcwd(),
  })
  assert(client, 'the server could not be started')

  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.SUBTEXT_DOCUMENT))
  vim.bo.filetype = 'text'
  -- Neovim calls plain text "text"; the protocol's name for it is another.
  vim.lsp.get_client_by_id(client).config.get_language_id = function()
    return 'plaintext'
  end
  assert(vim.lsp.buf_attach_client(0, client), 'the document could not be attached')

  local arrived = vim.wait(patience, function()
    return #vim.diagnostic.get(0) > 0
  end, interval)
  assert(arrived, 'no diagnostics arrived')

  local found = vim.fn.searchpos(vim.env.SUBTEXT_HOVER, 'cw')
  assert(found[1] > 0, 'the word to hover over is not in the document')
  vim.api.nvim_win_set_cursor(0, { found[1], found[2] - 1 })
  local hover
  vim.wait(patience, function()
    local answers = vim.lsp.buf_request_sync(0, 'textDocument/hover', vim.lsp.util.make_position_params(), patience)
    hover = answers and answers[client] and answers[client].result
    return hover ~= nil
  end, interval)
  assert(hover, 'no hover arrived')

  local diagnostics = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    local text = vim.api.nvim_buf_get_text(0, one.lnum, one.col, one.end_lnum, one.end_col, {})
    table.insert(diagnostics, {
      message = one.message,
      source = one.source,
      severity = vim.diagnostic.severity[one.severity],
      text = table.concat(text, '\n'),
    })
  end
  local contents = vim.lsp.util.convert_input_to_markdown_lines(hover.contents)
  io.stdout:write(vim.fn.json_encode({ diagnostics = diagnostics, hover = table.concat(contents, '\n') }), '\n')
  vim.lsp.stop_client(client)
  assert(vim.wait(patience, function()
    return #vim.lsp.get_active_clients() == 0
  end, interval), 'the server did not stop')
end

local ok, message = pcall(session)
if not ok then
  io.stderr:write(tostring(message), '\n')
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
