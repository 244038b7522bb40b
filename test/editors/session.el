;;; session.el --- Eglot with the language server -*- lexical-binding: t -*-
;; Opens a document in Emacs without a terminal, waits for diagnostics, asks for a hover, and prints both as one
;; line of JSON.  Any error ends Emacs with a code other than 0.

(require 'eglot)
(require 'flymake)
(require 'json)

(defconst subtext-patience 30)
(defconst subtext-interval 0.02)

(defun subtext-wait (what ask)
  "Call ASK until it answers; signal an error with WHAT after `subtext-patience' seconds."
  (let ((deadline (+ (float-time) subtext-patience))
        (answer nil))
    (while (not (setq answer (funcall ask)))
      (when (> (float-time) deadline) (error "%s" what))
      (accept-process-output nil subtext-interval))
    answer))

(defun subtext-hover (server position)
  "What SERVER answers to a hover at POSITION, as text."
  (goto-char position)
  (let* ((answer (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams)))
         (contents (and answer (plist-get answer :contents))))
    (and contents (plist-get contents :value))))

(let ((eglot-sync-connect t)
      (eglot-autoreconnect nil)
      (large-file-warning-threshold nil))
  (add-to-list 'eglot-server-programs
               (list 'text-mode (getenv "SUBTEXT_NODE") (getenv "SUBTEXT_SERVER") "--stdio"))
  ;; Eglot derives the language from the mode; the protocol's name for plain text is this.
  (put 'text-mode 'eglot-language-id "plaintext")
  (find-file (getenv "SUBTEXT_DOCUMENT"))
  (text-mode)
  (eglot-ensure)
  (let* ((server (apply #'eglot--connect (eglot--guess-contact)))
         (diagnostics (subtext-wait "No diagnostics arrived"
                                    (lambda () (flymake-start) (flymake-diagnostics))))
         (position (save-excursion
                     (goto-char (point-min))
                     (search-forward (getenv "SUBTEXT_HOVER"))
                     (match-beginning 0)))
         (hover (subtext-wait "No hover arrived" (lambda () (subtext-hover server position)))))
    (princ (json-encode
            (list (cons 'diagnostics
                        (vconcat
                         (mapcar (lambda (one)
                                   (list (cons 'message (flymake-diagnostic-text one))
                                         (cons 'text (buffer-substring-no-properties
                                                      (flymake-diagnostic-beg one)
                                                      (flymake-diagnostic-end one)))))
                                 diagnostics)))
                  (cons 'hover hover))))
    (terpri)
    (eglot-shutdown server)))
;;; session.el ends here
