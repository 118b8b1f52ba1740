# A web service on 127.0.0.1:8099 that answers with what it was asked, as JSON. It is there when this program ends. Paths:
# /json, /text (not UTF-8), /codeNNN, /redirNNN (to /json), /auth (asks for a password), /evil (headers with a will of their own).
import http.server
import json
import os


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = self.path.split("?")[0]
        headers = [("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2"), ("X-Two-Words", "x")]
        status, kind = 200, "application/json"
        asked = {"method": self.command, "body": body, "headers": {k.lower(): v for k, v in self.headers.items()}}
        data = json.dumps(asked).encode()
        if path.startswith("/code"):
            status = int(path[5:8])
        elif path.startswith("/redir"):
            status, data = int(path[6:9]), b""
            headers = [("Location", "/json?x")]
        elif path == "/auth" and "Authorization" not in self.headers:
            status, data = 401, b""
            headers = [("WWW-Authenticate", "Basic realm=x")]
        elif path == "/text":
            kind, data = "text/plain; charset=iso-8859-1", "h\u00e4llo\n".encode("latin-1")
        elif path == "/evil":
            headers = [("Changed", "yes"), ("Failed", "yes"), ("Msg", "x"), ("Status", "1"), ("__proto__", "x"), ("Rc", "7")]
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(data))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 8099), Handler)
if os.fork():
    os._exit(0)
server.serve_forever()
