"""A `tropa pipe` to ask."""

import json
import subprocess


class Pipe:
    def __init__(self, tropa, database):
        self.process = subprocess.Popen(
            [tropa, "pipe", database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, request):
        self.process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            return {"error": {"message": "tropa pipe ended"}}
        return json.loads(line)

    def rows(self, text, parameters=None):
        """The rows of a statement; an error ends the script."""
        answer = self.ask({"query": text, "params": parameters or {}})
        if "error" in answer:
            raise SystemExit(f"{text}\n{answer['error']}")
        return answer["rows"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
