<?php

declare(strict_types=1);

namespace Plasm\Tests\Integration;

use PHPUnit\Framework\TestCase;
use Plasm\Client;
use Plasm\Exception\CorruptException;
use Plasm\Exception\DeniedException;
use Plasm\Exception\JobFailedException;
use Plasm\Exception\LimitExceededException;
use Plasm\Exception\UnavailableException;
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

    public function testANodeGetsNoBlobThatTheJobDoesNotReferTo(): void
    {
        $digest = hash('sha256', 'a secret that somebody else has');
        $problem = ['type' => 'about:blank', 'title' => '', 'status' => 409, 'code' => 'conflict', 'detail' => 'send',
            'missing' => [$digest]];
        $client = $this->saying('POST /v1/jobs ', 409, json_encode($problem, JSON_THROW_ON_ERROR));
        $this->expectException(DeniedException::class);
        $this->expectExceptionMessage($digest);
        $client->submit(Programs::hello());
    }

    public function testANodeThatAsksForTheSameBlobAgainAndAgainIsLeft(): void
    {
        $problem = ['type' => 'about:blank', 'title' => '', 'status' => 409, 'code' => 'conflict', 'detail' => 'send',
            'missing' => [(string) hash_file('sha256', Programs::hello())]];
        $client = $this->saying('POST /v1/jobs ', 409, json_encode($problem, JSON_THROW_ON_ERROR));
        $this->expectException(UnavailableException::class);
        $this->expectExceptionMessage('again');
        $client->submit(Programs::hello());
    }

    public function testAnAnswerThatIsNoJobIsCorrupt(): void
    {
        foreach (['{}', '{"id":"job-1","state":"queued"}', '[', '{"id":1e0}'] as $body) {
            try {
                $this->saying('POST /v1/jobs ', 201, $body)->submit(Programs::hello());
                self::fail("took $body");
            } catch (CorruptException $refused) {
                self::assertStringContainsString('not what the API says', $refused->getMessage());
            }
        }
    }

    public function testAnotherJobIsNotDescribedForThisOne(): void
    {
        $job = '{"id":"job-3f2b8c1e-7a4d-4e0b-9c55-0d1f6a2b7e90","state":"exited","manifest":"' . str_repeat('0', 64) . '"}';
        $client = $this->saying('GET /v1/jobs/', 200, $job);
        $id = $client->submit(Programs::hello());
        $this->expectException(CorruptException::class);
        $client->wait($id);
    }

    public function testAJobThatFailedHasNoResult(): void
    {
        $direct = $this->client('unix:' . self::$node?->socket());
        $ticket = $direct->ticket($direct->submit(Programs::hello()));
        $job = '{"id":"' . $ticket->id . '","state":"failed","manifest":"' . str_repeat('0', 64) . '","message":"no memory"}';
        $client = $this->saying('GET /v1/jobs/', 200, $job);
        $this->expectException(JobFailedException::class);
        $this->expectExceptionMessage('no memory');
        $client->result($client->resume($ticket));
    }

    public function testAnAnswerWithoutEndIsNotReadToItsEnd(): void
    {
        $client = $this->saying('POST /v1/jobs ', 201, '', str_repeat('x', 20));
        $this->expectException(LimitExceededException::class);
        $client->submit(Programs::hello());
    }

    public function testOutputThatIsMissingInALogIsNoticed(): void
    {
        $events = "event: stdout\nid: 1-9-0\ndata: {\"offset\":\"8\",\"base64\":\"YQ==\"}\n\n";
        $direct = $this->client('unix:' . self::$node?->socket());
        $ticket = $direct->ticket($direct->submit(Programs::hello(), ['args' => ['a']]));
        $client = $this->saying("GET /v1/jobs/{$ticket->id}/events", 200, $events);
        $this->expectException(CorruptException::class);
        iterator_to_array($client->logs($client->resume($ticket)));
    }

    public function testWhatCameBeforeACutCounts(): void
    {
        $direct = $this->client('unix:' . self::$node?->socket());
        $ticket = $direct->ticket($direct->submit(Programs::hello(), ['args' => ['a']]));
        // In one piece with the end of the connection.
        $events = "event: stdout\ndata: {\"offset\":\"0\",\"base64\":\"YWI=\"}\n\n";
        $client = $this->saying("GET /v1/jobs/{$ticket->id}/events", 200, $events, missing: 1);
        $seen = '';
        try {
            foreach ($client->logs($client->resume($ticket)) as $event) {
                $seen .= $event->data;
            }
            self::fail('there was no end');
        } catch (UnavailableException) {
            self::assertSame('ab', $seen);
        }
    }

    public function testAJobThatIsRunAgainSaysNothingTwice(): void
    {
        $event = static fn (string $kind, string $data): string => "event: $kind\ndata: $data\n\n";
        $direct = $this->client('unix:' . self::$node?->socket());
        $ticket = $direct->ticket($direct->submit(Programs::hello(), ['args' => ['a']]));
        $client = $this->saying("GET /v1/jobs/{$ticket->id}/events", 200, $event('stdout', '{"offset":"0","base64":"YWI="}')
            . $event('restart', '{}') . $event('stdout', '{"offset":"0","base64":"YWJj"}') . $event('new kind', 'x')
            . $event('end', '{"id":"' . $ticket->id . '","state":"exited","manifest":"' . str_repeat('0', 64) . '"}'));
        $seen = array_map(
            static fn (LogEvent $event): string => "$event->kind $event->data",
            iterator_to_array($client->logs($client->resume($ticket)), false),
        );
        self::assertSame(['stdout ab', 'restart ', 'stdout c', 'state exited'], $seen);
    }

    private function saying(string $to, int $status, string $body, string $fill = '', int $missing = 0): Client
    {
        $this->folder = new TemporaryFolder();

        return $this->through('answer', json_encode(['to' => $to, 'status' => $status, 'body' => $body,
            'fill' => $fill, 'missing' => $missing], JSON_THROW_ON_ERROR));
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
