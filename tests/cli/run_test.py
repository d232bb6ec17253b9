"""plasmd run: exit statuses, arguments, environment, limits."""
import cli


class RunTest(cli.CliTest):
    def test_exits_as_the_guest_does(self):
        for code in (0, 1, 2, 42, 124, 134, 255):
            done = self.run_guest(cli.guest("exit_code"), code)
            self.assert_ends(done, code)
            self.assertEqual((done.stdout, done.stderr), (b"out\n", b"err\n"))

    def test_an_exit_code_beyond_255_is_not_success(self):
        self.assert_ends(self.run_guest(cli.guest("exit_code"), 256), 255)

    def test_says_why_a_guest_was_ended(self):
        for words, status, named in [
                ((cli.guest("trap"), "div-by-zero"), cli.TRAPPED, "integer_division_by_zero"),
                (("--fuel", "50000", cli.guest("fuel_burner")), cli.OUT_OF_FUEL, "--fuel"),
                (("--timeout", "0.2", cli.guest("spin")), cli.TIMED_OUT, "--timeout"),
                (("--output-limit", "1000", cli.guest("output_flood")), cli.OUTPUT_LIMIT, "--output-limit"),
                (("--memory", "64KiB", cli.example("hello.wasm")), cli.MODULE_BAD, "--memory")]:
            done = self.run_guest(*words)
            self.assert_ends(done, status, named)
            self.assert_one_sentence(done)
            quiet = self.run_guest("--quiet", *words)
            self.assert_ends(quiet, status)
            self.assertEqual(quiet.stderr, b"")

    def test_the_shortest_timeout_is_a_timeout(self):
        self.assert_ends(self.run_guest("--timeout", "1e-10", cli.guest("spin")), cli.TIMED_OUT)

    def test_words_from_the_module_on_are_the_guests(self):
        def arguments(*words):
            done = self.run_guest(*words)
            self.assert_ends(done, 0)
            lines = done.stdout.decode().splitlines()
            return ([line[4:] for line in lines if line.startswith("arg ")],
                    [line[4:] for line in lines if line.startswith("env ")])

        module = cli.guest("env_args")
        self.assertEqual(arguments(module), (["env_args.wasm"], []))
        self.assertEqual(arguments("--env", "A=B", "--env", "C=D=E", module, "x"),
                         (["env_args.wasm", "x"], ["A=B", "C=D=E"]))
        self.assertEqual(arguments("--env=A=", "--", module, "--", "x"),
                         (["env_args.wasm", "--", "x"], ["A="]))
        self.assertEqual(arguments(module, "--", "x"), (["env_args.wasm", "--", "x"], []))
        guests_own = ["--help", "-q", "--env", "Z=1", "--fuel", "x", "-", "", "--frob=1", "run",
                      "version", "two words", "\u00e4", "--", "--"]
        self.assertEqual(arguments(module, *guests_own), (["env_args.wasm", *guests_own], []))

    def test_the_environment_of_the_user_stays_outside(self):
        done = self.run_guest(cli.guest("env_args"))
        self.assertNotIn(b"PATH", done.stdout)

    def test_an_unknown_option_before_the_module_is_named(self):
        done = self.run_guest("--frobnicate", cli.guest("env_args"))
        self.assert_ends(done, 2, "--frobnicate")

    def test_memory_is_what_the_limit_says(self):
        done = self.run_guest("--memory", "4MiB", cli.guest("memory_hog"))
        self.assertEqual((done.returncode, done.stdout), (0, b"pages: 64\n"))
        done = self.run_guest("--memory", "3GiB", cli.guest("memory_hog"))
        self.assertEqual((done.returncode, done.stdout), (0, b"pages: 49152\n"))

    def test_engines_and_tiers_agree(self):
        seen = {(tier, engine): self.run_guest("--engine", engine, cli.guest("fuel_burner"), "100",
                                               tier=tier).stdout
                for tier in ("quick", "full") for engine in ("native", "pulley")}
        self.assertEqual(len(set(seen.values())), 1, seen)


if __name__ == "__main__":
    cli.main()
