<?php

declare(strict_types=1);

namespace Plasm\Tests\Integration;

use PHPUnit\Framework\TestCase;
use Plasm\Client;
use Plasm\Exception\JobFailedException;
use Plasm\Exception\MalformedException;
use Plasm\Exception\NotFoundException;
use Plasm\Exception\ProcessException;
use Plasm\Exception\TimeoutException;
use Plasm\Exception\VerificationException;
use Plasm\Io\TemporaryFolder;
use Plasm\Manifest;
use Plasm\Tests\Support\Programs;
use Plasm\Transport\LocalTransport;
use Plasm\Trust\Trust;
use Plasm\Verdict;

final class LocalTransportTest extends TestCase
{
    private static ?TemporaryFolder $data = null;

    public static function setUpBeforeClass(): void
    {
        self::$data = new TemporaryFolder();
    }

    public static function tearDownAfterClass(): void
    {
        self::$data = null;
    }

    public function testRunsAJobAsTheFirstSystemDid(): void
    {
        $result = self::client()->createJob(Programs::hello())
            ->withCpu(1)->withMemory(128)->withTimeout(30)->submit('Hello, World!')->wait();
        self::assertSame('!dlroW ,olleH', $result->stdout());
        self::assertSame('', $result->stderr());
        self::assertSame(0, $result->exitCode());
        self::assertTrue($result->isSuccess());
        self::assertSame(Verdict::Valid, $result->verification()->verdict);
        self::assertTrue($result->receipt()->verify());
        self::assertSame('sha256:' . hash_file('sha256', Programs::hello()), $result->receipt()->getModuleHash());
        self::assertNotNull($result->verification()->log);
    }

    public function testTheReceiptIsThatOfTheNodesKeyAndOfNoOther(): void
    {
        $receipt = self::client()->createJob(Programs::hello())->submit('a')->wait()->receipt();
        $key = Programs::run(['key', 'show', '--data-dir', (string) self::$data?->path]);
        self::assertTrue($receipt->verify($key));
        self::assertFalse($receipt->verify(str_repeat('ab', 32)));
    }

    public function testExecutesAManifestOfTheFirstSystem(): void
    {
        $manifest = Manifest::fromWasmFile(Programs::hello());
        $manifest->setTimeoutSeconds(10);
        $result = self::client()->getTransport()->execute(Programs::hello(), $manifest, 'abc');
        self::assertSame('cba', $result->stdout());
        self::assertSame('10000', $result->receipt()->statement()?->limits->wallTimeMs);
        self::assertSame((string) (128 << 20), $result->receipt()->statement()?->limits->memoryBytes);
    }

    public function testWordsReachTheGuestAsTheyAre(): void
    {
        $words = ['$(touch /tmp/x)', "a'b\"c", '--fuel', '', "line\nfeed", ';', '*'];
        foreach ($words as $word) {
            $result = self::client()->createJob(Programs::hello())->withArgs($word)->submit()->wait();
            self::assertSame($word, strrev($result->stdout()));
        }
    }

    public function testAModulesNameIsNoFlag(): void
    {
        $folder = new TemporaryFolder();
        copy(Programs::hello(), "{$folder->path}/--help");
        $before = (string) getcwd();
        chdir($folder->path);
        try {
            self::assertSame('cba', self::client()->createJob('--help')->submit('abc')->wait()->stdout());
        } finally {
            chdir($before);
        }
    }

    public function testBytesThatAreNoTextComeBackWhole(): void
    {
        $result = self::client()->createJob(Programs::hello())->submit("a\xFF\x00b")->wait();
        self::assertSame($result->receipt()->statement()?->subjects['stdout'], hash('sha256', $result->stdout()));
        self::assertStringContainsString("\xFF", $result->stdout());
    }

    public function testTakesInputFromAStreamAndGivesOutputAsOne(): void
    {
        $stream = tmpfile();
        self::assertIsResource($stream);
        $text = str_repeat('abcdefgh', 100_000);
        fwrite($stream, $text);
        rewind($stream);
        $result = self::client()->createJob(Programs::hello())->submit($stream)->wait();
        self::assertSame(strrev($text), stream_get_contents($result->stdoutStream()));
    }

    public function testLimitsAreHonoured(): void
    {
        $client = self::client();
        $expected = ['fuel_burner' => ['out_of_fuel', ['fuel' => 1_000_000]],
            'spin' => ['timed_out', ['max_seconds' => 1]],
            'output_flood' => ['output_limit', ['output_bytes' => 1024]]];
        foreach ($expected as $guest => [$status, $options]) {
            $result = $client->result($client->submit(Programs::guest($guest), $options));
            self::assertSame($status, $result->status(), $guest);
            self::assertFalse($result->isSuccess());
            self::assertSame(1, $result->exitCode());
        }
    }

    public function testAnExitCodeIsTheGuests(): void
    {
        $result = self::client()->createJob(Programs::guest('exit_code'))->withArgs('7')->submit()->wait();
        self::assertSame([7, 'exited', false], [$result->exitCode(), $result->status(), $result->isSuccess()]);
        self::assertSame(["out\n", "err\n"], [$result->stdout(), $result->stderr()]);
    }

    public function testFoldersGoInAndFilesComeOut(): void
    {
        $folder = new TemporaryFolder();
        file_put_contents("{$folder->path}/in.txt", "some text\n");
        $client = self::client();
        $id = $client->submit(Programs::guest('files'), ['inputs' => ['/work' => $folder->path],
            'outputs' => ['/work/notes']]);
        $result = $client->result($id);
        self::assertSame(['/work/notes/final.txt'], array_keys($result->files()));
        self::assertSame("first line\nsecond line\n", Programs::saved($result, '/work/notes/final.txt'));
        $this->expectException(NotFoundException::class);
        Programs::saved($result, '/work/in.txt');
    }

    public function testAPathThatPlasmdWouldReadInAnotherWayIsRefused(): void
    {
        $folder = new TemporaryFolder();
        mkdir("{$folder->path}/a::b");
        foreach ([['inputs' => ['/in' => "{$folder->path}/a::b"]], ['inputs' => ['/in::x' => $folder->path]],
            ['outputs' => ['/a=b']]] as $options) {
            try {
                self::client()->submit(Programs::guest('files'), $options);
                self::fail('it was taken');
            } catch (MalformedException $refused) {
                self::assertStringStartsWith('option ' . array_keys($options)[0], $refused->getMessage());
            }
        }
    }

    public function testWaitsNoLongerThanItIsAllowedAndCancels(): void
    {
        $client = self::client();
        // Cancelled before it had begun, it has no result: a slow machine is given more time.
        foreach ([1, 5, 25] as $seconds) {
            $id = $client->submit(Programs::guest('spin'), ['max_seconds' => 60]);
            try {
                $client->wait($id, $seconds);
                self::fail('the job has ended');
            } catch (TimeoutException $early) {
                self::assertStringContainsString('goes on', $early->getMessage());
            }
            $client->cancel($id);
            try {
                $result = $client->result($id);
                break;
            } catch (JobFailedException) {
            }
        }
        self::assertSame('cancelled', ($result ?? self::fail('it never began'))->status());
    }

    public function testAReceiptOfSomebodyElseGivesNoOutput(): void
    {
        $transport = new LocalTransport(Programs::plasmd(), self::$data?->path, Trust::pin(str_repeat('ab', 32)));
        $result = $transport->execute(Programs::hello(), Manifest::fromWasmFile(Programs::hello()), 'abc');
        self::assertSame(Verdict::UnknownKey, $result->verification()->verdict);
        self::assertFalse($result->receipt()->verify());
        self::assertSame('cba', $result->unverified()->stdout());
        foreach (['stdout', 'stderr', 'exitCode', 'isSuccess', 'status', 'files', 'stdoutStream', 'stderrStream'] as $method) {
            try {
                $result->$method();
                self::fail("$method() gave something");
            } catch (VerificationException $refused) {
                self::assertSame(Verdict::UnknownKey, $refused->verdict());
            }
        }
    }

    public function testAReceiptForAnotherOrderGivesNoOutput(): void
    {
        // A plasmd that runs something else, and says so truthfully in manifest and receipt.
        $folder = new TemporaryFolder();
        $other = "{$folder->path}/plasmd";
        file_put_contents($other, '#!/bin/sh' . "\n" . '[ "$1" != execute-job ] || set -- "$@" more' . "\n"
            . 'exec "' . Programs::plasmd() . '" "$@"' . "\n");
        chmod($other, 0700);
        $client = new Client(['plasmd_path' => $other, 'data_dir' => self::$data?->path]);
        $result = $client->createJob(Programs::hello())->withArgs('abc')->submit()->wait();
        self::assertSame(Verdict::WrongJob, $result->verification()->verdict);
        $this->expectExceptionMessage('another args');
        $result->stdout();
    }

    public function testSaysWhyThereIsNoResult(): void
    {
        $folder = new TemporaryFolder();
        file_put_contents("{$folder->path}/no.wasm", 'text');
        try {
            // A module that the engine refuses has a receipt, which says so.
            $result = self::client()->createJob("{$folder->path}/no.wasm")->submit()->wait();
            self::assertSame('rejected', $result->status());
        } catch (ProcessException $error) {
            self::assertStringContainsString('plasmd', $error->getMessage());
        }
        $this->expectException(MalformedException::class);
        self::client()->createJob('/nonexistent.wasm')->submit();
    }

    public function testSaysThatPlasmdIsNotThere(): void
    {
        $client = new Client(['plasmd_path' => '/nonexistent/plasmd']);
        $this->expectException(ProcessException::class);
        $client->createJob(Programs::hello())->submit()->wait();
    }

    private static function client(): Client
    {
        return new Client(['mode' => 'local', 'plasmd_path' => Programs::plasmd(), 'data_dir' => self::$data?->path]);
    }
}
