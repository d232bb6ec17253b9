"""plasm verify --replay: runs jobs again, finds the first difference, says when it cannot know."""
import pathlib
import shutil
import subprocess

import cli
import dsse
import receipt_files

ENGINES = ("jit", "pulley")


class ReplayTest(receipt_files.ReceiptTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls()
        cls.host = cls.home / "host"
        (cls.host / "sub").mkdir(parents=True)
        (cls.host / "empty").mkdir()
        (cls.host / "link").symlink_to("in.txt")
        (cls.host / "in.txt").write_bytes(b"from the host\n")
        (cls.host / "sub" / "in.txt").write_bytes(b"")
        cls.files = maker.files_job(folder=cls.home)

    def files_job(self, **options):
        return self.issue("--dir", f"{self.host}::/work", "--output", f"/work/notes={self.home / 'notes'}",
                          "--output", f"/work/in.txt={self.home / 'in.txt'}", cli.guest("files"), **options)

    def assert_identical(self, issued, engines=ENGINES):
        for engine in engines:
            with self.subTest(engine=engine):
                self.assert_verified(issued, "VALID", "--replay", "--engine", engine, says=["replay    identical (wasmtime"])

    def assert_differs(self, receipt, *says):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                self.assert_verified(receipt, "REPLAY_DIFFERS", "--replay", "--engine", engine, says=says)

    def assert_impossible(self, receipt, *says, flags=(), **options):
        self.assert_verified(receipt, "REPLAY_IMPOSSIBLE", "--replay", *flags, says=says, **options)

    # The same again.

    def test_a_job_that_says_hello(self):
        self.assert_identical(self.issue(cli.example("hello.wasm"), "Hello, World!"))

    def test_a_job_with_files(self):
        self.assert_identical(self.files)

    def test_a_job_with_random_bytes(self):
        self.assert_identical(self.issue(cli.guest("random"), "1000"))
        self.assert_identical(self.issue("--seed", "5eed" * 16, cli.guest("random")), engines=["jit"])

    def test_a_job_that_reads_the_clock(self):
        self.assert_identical(self.issue(cli.guest("clock")))

    def test_a_job_that_fails(self):
        self.assert_identical(self.issue(cli.guest("exit_code"), "7"))

    def test_a_job_with_arguments_and_an_environment(self):
        self.assert_identical(self.issue("--env", "A=b", "--env", "C=ä", cli.guest("env_args"), "", "two words"))

    def test_a_job_that_traps(self):
        self.assert_identical(self.issue(cli.guest("trap"), "unreachable"))
        self.assert_identical(self.issue(cli.guest("trap"), "memory-out-of-bounds"))

    def test_a_job_that_overflows_its_stack(self):
        issued = self.issue(cli.guest("trap"), "stack-overflow")
        self.assert_identical(issued, engines=["jit"])
        # Frames of the interpreter have another size (spec/profile-det-1.md section 14).
        self.assert_verified(issued, "REPLAY_INCONCLUSIVE", "--replay", "--engine", "pulley", says=["need not agree"])

    def test_a_job_that_burned_its_fuel(self):
        self.assert_identical(self.issue("--fuel", "50000", cli.guest("fuel_burner")))

    def test_a_job_that_wrote_too_much(self):
        self.assert_identical(self.issue("--output-limit", "1000", cli.guest("output_flood"), "err"))

    def test_a_job_that_reads_a_pipe(self):
        text = b"".join(b"%d\n" % number for number in range(30000))
        issued = self.issue(cli.guest("echo"), stdin=text)
        self.assertEqual(issued.predicate["input"]["stdin"], dsse.sha256(text))
        self.assert_identical(issued)

    def test_a_job_that_reads_a_pipe_piece_by_piece(self):
        file = self.folder / "r.json"
        process = self.start("execute-job", "--data-dir", self.data, "--tier", "quick", "-o", file,
                             "--output-limit", "40", cli.guest("echo"), stdin=subprocess.PIPE)
        for piece in (b"one", b" two", b" three " * 3):
            process.stdin.write(piece)
            process.stdin.flush()
        done = self.finish(process, ("execute-job",), b" and the rest that nobody asked for" * 3000)
        self.assert_ends(done, 0)
        issued = receipt_files.Issued(file, None)
        self.assertEqual(issued.predicate["result"]["status"], "output_limit")
        self.assert_identical(issued)

    def test_a_job_that_ran_in_the_interpreter(self):
        issued = self.issue("--engine", "pulley", cli.guest("random"), tier="full")
        self.assertEqual(issued.predicate["runtime"]["target"], "pulley64")
        self.assert_identical(issued)

    def test_the_report_as_json(self):
        report = self.shown(self.files, "--replay", "--engine", "pulley")
        self.assertEqual((report["verdict"], report["replay"]["identical"], report["replay"]["target"]),
                         ("VALID", True, "pulley64"))
        self.assertNotIn("difference", report["replay"])

    # The receipt lies.

    def test_a_lie_about_standard_output_is_named_with_its_place(self):
        truth = b"!dlroW ,olleH"
        issued = self.issue(cli.example("hello.wasm"), "Hello, World!")
        for claimed, place in ((b"!dlroW ,ollaH", 11), (b"?dlroW ,olleH", 0), (truth[:-1], 12), (truth + b"x", 13)):
            self.write("claimed", claimed)  # beside the receipt, where its digest is looked for
            def change(statement):
                statement["subject"][0]["digest"]["sha256"] = dsse.sha256(claimed)
                statement["predicate"]["result"]["stdoutBytes"] = str(len(claimed))
            lie = self.lie(issued, change)
            self.assert_verified(lie, "VALID")
            self.assert_differs(lie, f"stdout differs from byte {place} on: the receipt has {len(claimed)} bytes, "
                                     f"the replay {len(truth)}")

    def test_a_lie_without_the_claimed_output_has_no_place(self):
        issued = self.issue(cli.guest("exit_code"), "3")
        def change(statement):
            statement["subject"][1]["digest"]["sha256"] = dsse.sha256(b"ert\n")
        self.assert_differs(self.lie(issued, change), "stderr differs: the receipt has 4 bytes, the replay 4")

    def test_a_lie_about_how_it_ended(self):
        issued = self.issue(cli.guest("exit_code"), "3")
        self.assert_differs(self.lie(issued, lambda s: s["predicate"]["result"].update(exitCode=0)),
                            "exit code: the receipt has 0, the replay 3")
        def trapped(statement):
            result = statement["predicate"]["result"]
            del result["exitCode"]
            result.update(status="trapped", trap="unreachable")
        self.assert_differs(self.lie(issued, trapped), "status: the receipt has trapped, the replay exited")
        trap = self.issue(cli.guest("trap"), "unreachable")
        self.assert_differs(self.lie(trap, lambda s: s["predicate"]["result"].update(trap="integer_overflow")),
                            "trap: the receipt has integer_overflow, the replay unreachable")

    def test_a_lie_about_fuel(self):
        issued = self.issue(cli.example("hello.wasm"), "ab")
        fuel = int(issued.predicate["result"]["fuelUsed"])
        lie = self.lie(issued, lambda s: s["predicate"]["result"].update(fuelUsed=str(fuel + 1)))
        self.assert_differs(lie, f"fuel: the receipt has {fuel + 1}, the replay {fuel}")

    def test_a_lie_about_a_file(self):
        truth = b"first line\nsecond line\n"
        self.write("claimed", truth.replace(b"second", b"sefond"))
        def change(statement):
            (subject,) = [s for s in statement["subject"] if s["name"] == "file:/work/notes/final.txt"]
            self.assertEqual(subject["digest"]["sha256"], dsse.sha256(truth))
            subject["digest"]["sha256"] = dsse.sha256(truth.replace(b"second", b"sefond"))
        self.assert_differs(self.lie(self.files, change), 'file "/work/notes/final.txt" differs from byte 13 on')

    def test_a_file_that_was_left_out_or_made_up(self):
        def leave_out(statement):
            statement["subject"] = [s for s in statement["subject"] if not s["name"].endswith("final.txt")]
        self.assert_differs(self.lie(self.files, leave_out), 'file "/work/notes/final.txt": only the replay makes it')
        def make_up(statement):
            statement["subject"].append({"name": "file:/work/notes/more", "digest": {"sha256": "0" * 64}})
        self.assert_differs(self.lie(self.files, make_up), 'file "/work/notes/more": the replay does not make it')

    def test_a_runnable_module_that_was_called_none(self):
        issued = self.issue(self.write("garbage.wasm", b"no module"), status=cli.MODULE_BAD)
        self.assert_impossible(issued, "rejected")

    def test_a_module_that_is_none_and_was_said_to_run(self):
        garbage = self.write("garbage.wasm", b"no module")
        rejected = self.issue(garbage, status=cli.MODULE_BAD)
        def ran(statement):
            predicate = statement["predicate"]
            del predicate["result"]["reason"]
            predicate["result"].update(status="exited", exitCode=0, fuelUsed="1")
            predicate["resultDigest"] = {"sha256": dsse.result_digest(statement)}
        self.assert_differs(self.lie(rejected, ran), "status: the receipt has exited, the replay rejected")

    def test_a_difference_in_json(self):
        lie = self.lie(self.files, lambda s: s["predicate"]["result"].update(exitCode=9))
        report = self.shown(lie, "--replay")
        self.assertEqual((report["verdict"], report["replay"]["identical"]), ("REPLAY_DIFFERS", False))
        self.assertEqual(report["replay"]["difference"], "exit code: the receipt has 9, the replay 0")

    def test_a_receipt_that_fails_before_is_not_run_again(self):
        wrong = self.lie(self.files, lambda s: s["predicate"]["resultDigest"].update(sha256="0" * 64))
        report = self.shown(wrong, "--replay")
        self.assertEqual(report["verdict"], "INCONSISTENT")
        self.assertNotIn("replay", report)

    # Nobody can know (spec/profile-det-1.md section 14).

    def other_build(self, statement):
        statement["predicate"]["runtime"]["configuration"] = "0" * 64

    def test_fuel_is_not_compared_between_configurations(self):
        issued = self.issue(cli.example("hello.wasm"), "ab")
        def change(statement):
            self.other_build(statement)
            statement["predicate"]["result"]["fuelUsed"] = "1"
        self.assert_verified(self.lie(issued, change), "VALID", "--replay", says=["identical"])

    def test_out_of_fuel_is_inconclusive_between_configurations(self):
        issued = self.issue("--fuel", "50000", cli.guest("fuel_burner"))
        def change(statement):
            result = statement["predicate"]["result"]
            result.update(status="exited", exitCode=0)
        self.assert_differs(self.lie(issued, change), "status: the receipt has exited, the replay out_of_fuel")
        def and_build(statement):
            change(statement)
            self.other_build(statement)
        self.assert_verified(self.lie(issued, and_build), "REPLAY_INCONCLUSIVE", "--replay", says=["need not agree"])

    def test_a_stack_overflow_is_inconclusive_between_targets(self):
        overflow = self.issue(cli.guest("trap"), "stack-overflow")
        def exited(statement):
            result = statement["predicate"]["result"]
            del result["trap"]
            result.update(status="exited", exitCode=0)
        lie = self.lie(overflow, exited)
        self.assert_verified(lie, "REPLAY_DIFFERS", "--replay", "--engine", "jit")
        self.assert_verified(lie, "REPLAY_INCONCLUSIVE", "--replay", "--engine", "pulley", says=["need not agree"])

    def test_a_replay_that_takes_too_long_is_inconclusive(self):
        issued = self.issue("--timeout", "0.3", cli.guest("spin"))
        def exited(statement):
            predicate = statement["predicate"]
            predicate["result"].update(status="exited", exitCode=0, fuelUsed="1")
            predicate["resultDigest"] = {"sha256": dsse.result_digest(statement)}
        self.assert_verified(self.lie(issued, exited), "REPLAY_INCONCLUSIVE", "--replay", "--timeout", "0.3",
                             says=["timed_out"])

    def test_what_has_no_result_cannot_be_run_again(self):
        self.assert_impossible(self.issue("--timeout", "0.2", cli.guest("spin")), "timed_out")
        self.assert_impossible(self.issue("--profile", "live", cli.guest("random")), "profile live")

    # Where things are found.

    def without_blobs(self, issued):
        """A verifier that trusts the node and keeps nothing, and a copy of the receipt alone."""
        data = self.verifier()
        place = self.folder / "place"
        place.mkdir()
        shutil.copy(issued.file, place / "r.json")
        return data, place

    def test_everything_is_found_beside_the_receipt(self):
        data, place = self.without_blobs(self.files)
        receipt = place / "r.json"
        self.assert_impossible(receipt, "the job's manifest", data=data)
        shutil.copy(self.files.manifest, place / "r.json.manifest.json")
        self.assert_impossible(receipt, data=data)
        shutil.copy(cli.guest("files"), place / "anything.bin")
        self.assert_impossible(receipt, data=data)
        shutil.copytree(self.host, place / "input", symlinks=True)
        self.assert_verified(receipt, "VALID", "--replay", data=data, says=["identical"])
        self.assertFalse((data / "blobs").exists())
        (place / "input" / "sub" / "in.txt").write_bytes(b"changed")
        self.assert_impossible(receipt, data=data)

    def test_a_link_or_an_empty_folder_that_is_missing_is_missed(self):
        data, place = self.without_blobs(self.files)
        shutil.copy(self.files.manifest, place / "m.json")
        shutil.copy(cli.guest("files"), place)
        shutil.copytree(self.host, place / "input", symlinks=True)
        (place / "input" / "empty").rmdir()
        self.assert_impossible(place / "r.json", data=data)
        (place / "input" / "empty").mkdir()
        self.assert_verified(place / "r.json", "VALID", "--replay", data=data)
        (place / "input" / "link").unlink()
        self.assert_impossible(place / "r.json", data=data)

    def test_everything_is_found_beside_the_manifest(self):
        data, place = self.without_blobs(self.files)
        shutil.copytree(self.host, self.folder / "requester" / "in", symlinks=True)
        shutil.copy(cli.guest("files"), self.folder / "requester")
        manifest = self.folder / "requester" / "manifest.json"
        shutil.copy(self.files.manifest, manifest)
        self.assert_verified(place / "r.json", "VALID", "--replay", "--manifest", manifest, data=data,
                             says=["identical"])

    def test_standard_input_is_found_beside_the_receipt(self):
        issued = self.issue(cli.guest("echo"), stdin=b"some text")
        data, place = self.without_blobs(issued)
        shutil.copy(issued.manifest, place / "m.json")
        shutil.copy(cli.guest("echo"), place)
        self.assert_impossible(place / "r.json", data=data)
        (place / "stdin").write_bytes(b"some text")
        self.assert_verified(place / "r.json", "VALID", "--replay", data=data, says=["identical"])

    def test_what_is_kept_and_was_damaged_is_not_used(self):
        data = self.copy_of(self.data, "node")
        module = dsse.sha256(pathlib.Path(cli.guest("files")).read_bytes())
        blob = data / "blobs" / module[:2] / module[2:]
        blob.chmod(0o600)
        blob.write_bytes(blob.read_bytes()[:-1])
        shutil.rmtree(data / "artefacts")
        self.assert_impossible(self.files, data=data)

    def test_without_keeping_anything_the_files_beside_it_will_do(self):
        data = self.folder / "node"
        issued = self.files_job(data=data)
        self.plasm("trust", "add", "me", "--self", data=data)
        self.assert_verified(issued, "VALID", "--replay", data=data)
        shutil.rmtree(data / "blobs")
        self.assert_impossible(issued, data=data)
        shutil.copytree(self.host, self.folder / "in", symlinks=True)
        shutil.copy(cli.guest("files"), self.folder)
        self.assert_verified(issued, "VALID", "--replay", data=data, says=["identical"])


if __name__ == "__main__":
    cli.main()
