print("ctxbrowse")
