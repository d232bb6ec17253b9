<?php

declare(strict_types=1);

namespace Plasm\Tests\Integration;

use PHPUnit\Framework\TestCase;
use Plasm\Client;
use Plasm\Http\RetryPolicy;
use Plasm\Io\TemporaryFolder;
use Plasm\LogEvent;
use Plasm\Tests\Support\Background;
use Plasm\Tests\Support\LiveNode;
use Plasm\Tests\Support\Programs;
use Plasm\Trust\Trust;
use Plasm\Verdict;

/** A real node behind a server that cuts, delays or changes what it says. */
final class FaultyNodeTest extends TestCase
{
    private static ?LiveNode $node = null;
    private TemporaryFolder $folder;
    private ?Background $proxy = null;

    public static function setUpBeforeClass(): void
    {
        self::$node = new LiveNode();
    }

    public static function tearDownAfterClass(): void
    {
        self::$node?->stop();
        self::$node = null;
    }

    protected function setUp(): void
    {
        $this->folder = new TemporaryFolder();
    }

    protected function tearDown(): void
    {
        $this->proxy = null;
    }

    public function testALogThatIsCutGoesOnWhereItWas(): void
    {
        $client = $this->through('cut-events');
        $id = $client->submit(Programs::guest('exit_code'), ['args' => ['3']]);
        $bytes = [LogEvent::STDOUT => '', LogEvent::STDERR => ''];
        foreach ($client->logs($id) as $event) {
            if (isset($bytes[$event->kind])) {
                $bytes[$event->kind] .= $event->data;
            }
        }
        $this->proxy?->until(static fn (string $line): bool => $line === "cut\n");
        self::assertSame([LogEvent::STDOUT => "out\n", LogEvent::STDERR => "err\n"], $bytes);
    }

    public function testAnUploadThatIsCutGoesOn(): void
    {
        $client = $this->through('cut-upload');
        $text = random_bytes(1 << 20);
        self::assertSame($text, $client->createJob(Programs::guest('echo'))->submit($text)->wait()->stdout());
        $this->proxy?->until(static fn (string $line): bool => $line === "cut\n");
    }

    public function testADownloadThatIsCutGoesOnWhereItWas(): void
    {
        $client = $this->through('cut-blob');
        $folder = new TemporaryFolder();
        file_put_contents("{$folder->path}/in.txt", str_repeat("some text\n", 10_000));
        $id = $client->submit(Programs::guest('files'), ['inputs' => ['/work' => $folder->path],
            'outputs' => ['/work/in.txt']]);
        $to = fopen('php://memory', 'w+b');
        self::assertIsResource($to);
        self::assertSame(100_000, $client->result($id)->saveFile('/work/in.txt', $to));
        $this->proxy?->until(static fn (string $line): bool => $line === "cut\n");
        rewind($to);
        self::assertSame(str_repeat("some text\n", 10_000), stream_get_contents($to));
    }

    public function testOutputThatIsCutIsFetchedAgain(): void
    {
        $client = $this->through('cut-stdout');
        $text = random_bytes(200_000);
        self::assertSame($text, $client->createJob(Programs::guest('echo'))->submit($text)->wait()->stdout());
        $this->proxy?->until(static fn (string $line): bool => $line === "cut\n");
    }

    public function testABusyNodeIsAskedAgain(): void
    {
        $client = $this->through('busy');
        self::assertSame('cba', $client->createJob(Programs::hello())->submit('abc')->wait()->stdout());
        $this->proxy?->until(static fn (string $line): bool => $line === "busy\n");
        $this->proxy?->until(static fn (string $line): bool => $line === "busy\n");
    }

    public function testOutputThatDiffersIsNotGiven(): void
    {
        $result = $this->through('replace', 'cba=cbx')->createJob(Programs::hello())->submit('abc')->wait();
        self::assertSame(Verdict::WrongOutput, $result->verification()->verdict);
        self::assertSame('cbx', $result->unverified()->stdout());
        self::assertFalse($result->receipt()->verify());
        $this->expectExceptionMessage('WRONG_OUTPUT');
        $result->stdout();
    }

    public function testTheReceiptOfAnotherJobIsNotAccepted(): void
    {
        $direct = $this->client('unix:' . self::$node?->socket());
        // The same module, input and output: only the request is another.
        $other = $direct->submit(Programs::hello(), ['args' => ['abc']]);
        $direct->wait($other);
        $client = $this->through('receipt-of', $other);
        $id = $client->submit(Programs::hello(), ['args' => ['abc']]);
        self::assertSame(Verdict::WrongJob, $client->result($id)->verification()->verdict);
        self::assertFalse($client->receipt($id)->verify());
        $this->expectExceptionMessage('WRONG_JOB');
        $client->result($id)->stdout();
    }

    private function through(string $fault, string $argument = ''): Client
    {
        $socket = "{$this->folder->path}/s";
        $command = [PHP_BINARY, dirname(__DIR__) . '/Support/proxy.php', $socket, (string) self::$node?->socket(), $fault, $argument];
        $this->proxy = new Background($command, 1);
        $this->proxy->until(static fn (string $line): bool => $line === "ready\n");

        return $this->client("unix:$socket");
    }

    private function client(string $url): Client
    {
        return Client::connect($url, Trust::pin((string) self::$node?->identity()), retry: new RetryPolicy(5, 0.01));
    }
}
