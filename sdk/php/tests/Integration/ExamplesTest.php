<?php

declare(strict_types=1);

namespace Plasm\Tests\Integration;

use PHPUnit\Framework\TestCase;
use Plasm\Io\TemporaryFolder;
use Plasm\Tests\Support\Background;
use Plasm\Tests\Support\LiveNode;
use Plasm\Tests\Support\Programs;
use Plasm\Tests\Vectors\VectorFile;
use Plasm\Verdict;

/** The examples, run as a reader would run them. */
final class ExamplesTest extends TestCase
{
    private static ?LiveNode $node = null;

    public static function setUpBeforeClass(): void
    {
        self::$node = new LiveNode();
    }

    public static function tearDownAfterClass(): void
    {
        self::$node?->stop();
        self::$node = null;
    }

    public function testRunsAJobHere(): void
    {
        $home = new TemporaryFolder();
        [$status, $output] = self::php(['local_test.php', 'abc', Programs::plasmd()], ['HOME' => $home->path]);
        self::assertSame(0, $status, $output);
        self::assertStringStartsWith("cba\nVALID  exit code 0", $output);
    }

    public function testRunsAJobOnANode(): void
    {
        $token = (string) self::node()->token('example')->token;
        [$status, $output] = self::php(['remote_test.php', self::node()->url, self::node()->identity(), $token]);
        self::assertSame(0, $status, $output);
        self::assertStringContainsString("verified: !dlroW ,olleH\nVALID  job-", $output);
        [$status, $output] = self::php(['remote_test.php', self::node()->url, str_repeat('ab', 32), $token]);
        self::assertSame(1, $status, $output);
        self::assertStringContainsString('not the one that is trusted', $output);
    }

    public function testVerifiesAReceipt(): void
    {
        $folder = new TemporaryFolder();
        $data = "{$folder->path}/data";
        $receipt = "{$folder->path}/receipt.json";
        Programs::run(['execute-job', '--data-dir', $data, '-o', $receipt, Programs::hello(), 'abc']);
        Programs::run(['card', 'show', '--data-dir', $data, '-o', "{$folder->path}/card.json"]);
        file_put_contents("{$folder->path}/right", 'cba');
        file_put_contents("{$folder->path}/wrong", 'cbx');
        $identity = Programs::run(['key', 'show', 'identity', '--data-dir', $data]);
        $key = Programs::run(['key', 'show', '--data-dir', $data]);
        $node = ['--identity', $identity, '--card', "{$folder->path}/card.json"];
        $expected = [
            [Verdict::Valid, [...$node, '--output', "stdout={$folder->path}/right"]],
            [Verdict::Valid, ['--key', $key]],
            [Verdict::WrongOutput, [...$node, '--output', "stdout={$folder->path}/wrong"]],
            [Verdict::WrongKey, ['--key', str_repeat('ab', 32)]],
            [Verdict::WrongJob, [...$node, '--nonce', str_repeat('ab', 16)]],
            [Verdict::UnknownKey, []],
        ];
        foreach ($expected as [$verdict, $arguments]) {
            [$status, $output] = self::php(['verify_receipt.php', ...$arguments, $receipt]);
            self::assertSame($verdict->exitStatus(), $status, $output);
            self::assertStringStartsWith("{$verdict->value}  ", $output);
        }
        // plasm says the same of the same.
        $pem = Programs::run(['key', 'show', '--pem', '--data-dir', $data]);
        file_put_contents("{$folder->path}/key.pem", "$pem\n");
        $plasm = dirname(Programs::plasmd()) . '/plasm';
        if (is_executable($plasm)) {
            [$status, $output] = self::command([$plasm, 'verify', '--data-dir', $data, '--key', "{$folder->path}/key.pem", $receipt]);
            self::assertSame(0, $status, $output);
            self::assertStringStartsWith('VALID  ', $output);
        }
    }

    public function testVerifiesABundle(): void
    {
        $folder = new TemporaryFolder();
        $case = VectorFile::cases('quorum')['one-differs'];
        $receipt = "{$folder->path}/job.quorum.json";
        file_put_contents($receipt, VectorFile::take($case, 'bundle'));
        file_put_contents("{$folder->path}/trusted_nodes", $case['trusted_nodes']);
        mkdir("{$folder->path}/cards");
        foreach ($case['cards'] as $card) {
            $payload = json_decode((string) base64_decode(json_decode($card, true)['payload'], true), true);
            file_put_contents("{$folder->path}/cards/{$payload['identity']}.json", $card);
        }
        $expected = [
            [Verdict::Valid, [], "  answer  alpha: agrees\n  answer  beta: differs\n  answer  gamma: agrees\n"],
            [Verdict::NoQuorum, ['--agree', '3'], "  why     2 of 3 answers agree, expected 3\n"],
        ];
        foreach ($expected as [$verdict, $arguments, $text]) {
            [$status, $output] = self::php(['verify_receipt.php', '--data-folder', $folder->path, ...$arguments, $receipt]);
            self::assertSame($verdict->exitStatus(), $status, $output);
            self::assertStringStartsWith("{$verdict->value}  ", $output);
            self::assertStringContainsString($text, $output);
        }
        [$status, $output] = self::php(['verify_receipt.php', '--nonce', str_repeat('ab', 16), $receipt]);
        self::assertSame(1, $status, $output);
    }

    public function testAWebRequestGoesThroughTheQueue(): void
    {
        $queue = new TemporaryFolder();
        $environment = ['PLASM_QUEUE' => $queue->path];
        $web = dirname(__DIR__, 2) . '/examples/web';
        $address = self::freeAddress();
        $server = new Background([PHP_BINARY, '-S', $address, "$web/index.php"], 2, $environment);
        $server->until(static fn (string $line): bool => str_contains($line, 'started'));
        $post = stream_context_create(['http' => ['method' => 'POST', 'content' => 'abc', 'header' => 'Content-Type: text/plain', 'ignore_errors' => true]]);
        $asked = json_decode((string) file_get_contents("http://$address/", false, $post), true);
        [$early] = self::get("http://$address/{$asked['result']}");
        self::assertSame(202, $early);
        $worker = ['web/worker.php', 'unix:' . self::node()->socket(), self::node()->identity(), Programs::hello(), '--once'];
        // A worker that has died in the middle of it is no reason to run it twice.
        rename("{$queue->path}/new/{$asked['id']}.json", "{$queue->path}/taken/{$asked['id']}.json");
        [$status, $output] = self::php($worker, $environment);
        self::assertSame(0, $status, $output);
        [$done, $answer] = self::get("http://$address/{$asked['result']}");
        self::assertSame([200, 'exited', 'cba'], [$done, $answer['status'], base64_decode($answer['stdout'], true)]);
        self::assertSame(400, self::get("http://$address/?id=../../etc/passwd")[0]);
        self::assertSame(404, self::get("http://$address/?id=job-" . str_repeat('0', 36))[0]);
    }

    /**
     * @param list<string>          $arguments
     * @param array<string, string> $environment
     *
     * @return array{int, string}
     */
    private static function php(array $arguments, array $environment = []): array
    {
        $arguments[0] = dirname(__DIR__, 2) . "/examples/$arguments[0]";

        return self::command([PHP_BINARY, ...$arguments], $environment + ['PATH' => (string) getenv('PATH')]);
    }

    /**
     * @param list<string>               $command
     * @param array<string, string>|null $environment
     *
     * @return array{int, string} exit status, and what it wrote
     */
    private static function command(array $command, ?array $environment = null): array
    {
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, $environment);
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);

        return [proc_close($process), $output];
    }

    /** @return array{int, array<string, mixed>} */
    private static function get(string $url): array
    {
        $context = stream_context_create(['http' => ['ignore_errors' => true]]);
        $body = (string) file_get_contents($url, false, $context);
        preg_match('/ ([0-9]{3}) /', ($http_response_header ?? [''])[0], $match);

        return [(int) ($match[1] ?? 0), json_decode($body, true) ?? []];
    }

    private static function freeAddress(): string
    {
        $server = stream_socket_server('tcp://127.0.0.1:0');
        self::assertIsResource($server);

        return (string) stream_socket_get_name($server, false);
    }

    private static function node(): LiveNode
    {
        return self::$node ?? self::fail('no node');
    }
}
