#!/usr/bin/env python3
"""Prints what mcprove costs, as medians over runs, beside the aims. Run by ./dev bench."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading

LAB_PASSWORD = "alice-password"


class Server:
    """A program that prints READY <url> and runs until its input closes or it is ended."""

    def __init__(self, argv):
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("READY "):
                self.url = line.split()[1]
                threading.Thread(target=self.process.stdout.read, daemon=True).start()   # so that it never waits for a reader
                return
        sys.exit(f"bench: {argv[0]} did not say READY")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait()


class Bench:
    def __init__(self, options):
        self.bin, self.runs, self.starts = options.bin, options.runs, options.starts
        self.servers, self.programs = options.servers, options.programs
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="mcprove-bench-"))

    def measure(self, argv, env=None):
        """(milliseconds, MB, exit code, standard output) of one run."""
        out = self.scratch / "out"
        done = subprocess.run([self.bin / "bench_measure", out, *argv], env={**os.environ, **(env or {})},
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
        micros, kilobytes, code = done.stdout.split()
        return int(micros) / 1000, int(kilobytes) / 1024, int(code), out.read_text()

    def start_up(self):
        own, empty = [], []
        for _ in range(self.starts):                           # in turn, so that a busy moment meets both
            own.append(self.measure([self.bin / "mcprove", "--version"])[0])
            empty.append(self.measure([self.bin / "bench_empty"])[0])
        own, empty = statistics.median(own), statistics.median(empty)
        row("start-up", f"{own:.2f} ms", f"an empty program {empty:.2f} ms, {own - empty:+.2f} ms (aim: within 3 ms)")

    def verify(self):
        """A lock of 1,000 tools against the same tools, captured."""
        schema = {"type": "object", "properties": {"id": {"type": "integer", "description": "number of the record"},
                                                   "as": {"type": "string", "enum": ["json", "csv"]}},
                  "required": ["id"], "additionalProperties": False}
        tools = [{"name": f"record_{i}", "description": f"Reads record {i} of the table and returns it as it stands there.",
                  "inputSchema": schema, "annotations": {"readOnlyHint": True}} for i in range(1000)]
        source, lock = self.scratch / "tools.json", self.scratch / "mcprove.lock"
        source.write_text(json.dumps({"server": "bench", "tools": tools}))
        subprocess.run([self.bin / "mcprove", "lock", source, "--out", lock], stderr=subprocess.DEVNULL, check=True)
        results = [self.measure([self.bin / "mcprove", "verify", source, "--lock", lock]) for _ in range(self.runs)]
        if any(result[2] != 0 for result in results):
            sys.exit("bench: verify found faults in what had not changed")
        wall, memory = (statistics.median(result[i] for result in results) for i in (0, 1))
        row("verify 1,000 tools", f"{wall:.0f} ms", f"{memory:.1f} MB (aim: 50 ms)")

    def audit(self, url, user=None):
        """One audit with a state directory of its own; its time, memory and report."""
        state = tempfile.mkdtemp(dir=self.scratch)
        argv = [self.bin / "mcprove", "audit", url, "--format", "json"]
        argv += ["--user", user, "--password-env", "BENCH_PASSWORD"] if user else []
        wall, memory, code, text = self.measure(argv, {"XDG_STATE_HOME": state, "BENCH_PASSWORD": LAB_PASSWORD})
        try:
            report = json.loads(text)
        except ValueError:
            sys.exit(f"bench: the audit of {url} gave no report (exit {code})")
        if code not in (0, 1):
            sys.exit(f"bench: the audit of {url} ended with exit {code}")
        return wall, memory, report

    def audits(self, name, start, user=None, aims=("", ""), runs=None):
        """Medians over runs, each against a fresh server: rate limits and grants of one do not burden the next."""
        results = []
        for _ in range(runs or self.runs):
            with start() as server:
                results.append(self.audit(server.url, user))
        wall = statistics.median(r[0] for r in results)
        reports = [r[2] for r in results]
        totals = [report.get("totals", {}) for report in reports]
        spread = f"{min(r[0] for r in results):.0f} to {max(r[0] for r in results):.0f} ms"
        row(f"{name}: wall", f"{wall:.0f} ms", f"{spread}{aims[0]}")
        row(f"{name}: memory", f"{statistics.median(r[1] for r in results):.1f} MB", f"peak{aims[1]}")
        sent = statistics.median(t.get("requests", len(report.get("exchanges", []))) for t, report in zip(totals, reports))
        outcomes = [check["outcome"] for check in reports[-1]["checks"]]
        counts = ", ".join(f"{outcomes.count(o)} {o}" for o in ("fail", "inconclusive", "pass", "not-applicable"))
        row(f"{name}: requests", f"{sent:.0f}", counts)
        chains = [t["chain_ms"] for t in totals if t.get("chain_ms")]
        if chains:
            chain = statistics.median(chains)
            row(f"{name}: chain", f"{chain:.0f} ms", f"wall is {wall / chain:.2f} times the chain")

    def logins(self, name, start, user=None, password=""):
        """Medians over runs of mcprove login, nothing kept from one to the next."""
        results = []
        for _ in range(self.runs):
            with start() as server:
                state = tempfile.mkdtemp(dir=self.scratch)
                who = ["--user", user, "--password-env", "BENCH_PASSWORD"] if user else []
                wall, _, code, _ = self.measure([self.bin / "mcprove", "login", server.url, *who],
                                                {"XDG_STATE_HOME": state, "BENCH_PASSWORD": password})
                if code != 0:
                    sys.exit(f"bench: the login at {server.url} ended with exit {code}")
                results.append(wall)
        row(f"login, {name}: wall", f"{statistics.median(results):.0f} ms", f"{min(results):.0f} to {max(results):.0f} ms (aim: 300 ms)")

    def lab(self, *flags):
        return lambda: Server([self.bin / "mcprove-lab", *flags])

    def real(self, program, mode):
        def start():
            node = next((self.servers / "node/node_modules").glob("node-linux-*/bin/node"))
            for source in (self.programs / program).parent.glob("*.mjs"):
                shutil.copy(source, self.servers / pathlib.Path(program).parent)
            return Server([node, self.servers / program, mode])
        return start

    def run(self):
        try:
            self.start_up()
            self.verify()
            self.audits("sound lab", self.lab(), "alice", (" (aim: 500 ms)", " (aim: 24 MB)"))
            self.audits("sdk-demo", self.real("sdk/demo.mjs", "plain"), None, ("", " (aim: 24 MB)"))
            self.audits("lab, 100 ms latency", self.lab("--latency", "100"), "alice", (" (aim: 1.5 times the chain)", ""), runs=3)
            self.logins("lab", self.lab(), "alice", LAB_PASSWORD)
            self.logins("lab, external", self.lab("--architecture", "external"), "alice", LAB_PASSWORD)
            self.logins("lab, proxy", self.lab("--architecture", "proxy"), "alice", LAB_PASSWORD)
            self.logins("sdk-demo", self.real("sdk/demo.mjs", "plain"))
            self.logins("sdk-native", self.real("sdk/native.mjs", "good"), "demo", "native-password")
            self.logins("oidc-provider", self.real("oidc-provider/server.mjs", "hard"), "demo", "any-password-will-do")
        finally:
            shutil.rmtree(self.scratch)


def row(what, value, note):
    print(f"{what:32} {value:>10}   {note}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--servers", type=pathlib.Path, required=True)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--starts", type=int, default=101)
    Bench(parser.parse_args()).run()


main()
