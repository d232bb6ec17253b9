<?php

declare(strict_types=1);

namespace Plasm\Tests\Integration;

use PHPUnit\Framework\TestCase;
use Plasm\Client;
use Plasm\Exception\ConflictException;
use Plasm\Exception\DeniedException;
use Plasm\Exception\InvalidRequestException;
use Plasm\Exception\LimitExceededException;
use Plasm\Exception\NotFoundException;
use Plasm\Exception\TimeoutException;
use Plasm\Exception\UnavailableException;
use Plasm\Http\Credentials;
use Plasm\Http\RetryPolicy;
use Plasm\Io\TemporaryFolder;
use Plasm\JobTicket;
use Plasm\LogEvent;
use Plasm\Tests\Support\Background;
use Plasm\Tests\Support\LiveNode;
use Plasm\Tests\Support\Programs;
use Plasm\Transport\RemoteTransport;
use Plasm\Trust\Trust;
use Plasm\Verdict;

final class RemoteTransportTest extends TestCase
{
    private static ?LiveNode $node = null;
    private static ?Credentials $token = null;

    public static function setUpBeforeClass(): void
    {
        self::$node = new LiveNode();
        self::$token = self::$node->token('tests');
    }

    public static function tearDownAfterClass(): void
    {
        self::$node?->stop();
        self::$node = null;
    }

    public function testTheFlowThatWasPlanned(): void
    {
        $client = self::client();
        $id = $client->submit(Programs::hello(), ['cpu' => 1, 'max_seconds' => 15, 'args' => ['Hello, World!']]);
        $client->wait($id);
        $result = $client->result($id);
        self::assertSame('!dlroW ,olleH', $result->stdout());
        self::assertTrue($result->isSuccess());
        self::assertSame(Verdict::Valid, $result->verification()->verdict);
        $receipt = $client->receipt($id);
        self::assertTrue($receipt->verify());
        self::assertSame($id, $receipt->statement()?->jobId);
    }

    public function testAClientIsKnownByItsCertificate(): void
    {
        $certificate = self::node()->certificate('php');
        $client = Client::connect(self::node()->url, self::trust(), $certificate);
        self::assertSame('cba', $client->createJob(Programs::hello())->submit('abc')->wait()->stdout());
    }

    public function testTheUnixSocketNeedsNoCredentials(): void
    {
        $client = Client::connect('unix:' . self::node()->socket(), self::trust());
        self::assertSame('cba', $client->createJob(Programs::hello())->submit('abc')->wait()->stdout());
    }

    public function testSomebodyUnknownIsDenied(): void
    {
        $client = Client::connect(self::node()->url, self::trust(), null, retry: RetryPolicy::never());
        $this->expectException(DeniedException::class);
        $this->expectExceptionMessage('plasmd client add');
        $client->submit(Programs::hello());
    }

    public function testAnotherNodeThanTheTrustedOneGetsNothing(): void
    {
        $client = Client::connect(self::node()->url, Trust::pin(str_repeat('ab', 32)), self::$token);
        $this->expectException(DeniedException::class);
        $this->expectExceptionMessage('not the one that is trusted');
        $client->submit(Programs::hello());
    }

    public function testABlockedNodeGetsNothing(): void
    {
        $this->expectException(DeniedException::class);
        Client::connect(self::node()->url, Trust::pin(self::node()->identity(), 'blocked'), self::$token);
    }

    public function testAServerThatShowsTheNodesCardButHasNotItsKeyGetsNothing(): void
    {
        $folder = new TemporaryFolder();
        $own = self::node()->certificate('impostor');
        $card = "{$folder->path}/card.json";
        Programs::run(['card', 'show', '-o', $card, '--data-dir', self::node()->data]);
        $impostor = new Background([PHP_BINARY, dirname(__DIR__) . '/Support/impostor.php',
            (string) $own->certificateFile, (string) $own->keyFile, $card], 1);
        $address = trim($impostor->until(static fn (): bool => true));
        foreach ([Trust::pinCard((string) file_get_contents($card)), self::trust()] as $trust) {
            $client = Client::connect("https://$address", $trust, self::$token, retry: RetryPolicy::never());
            try {
                $client->submit(Programs::hello());
                self::fail('something was sent');
            } catch (DeniedException $refused) {
                self::assertStringContainsString('another TLS key', $refused->getMessage());
            }
            // The card is all that it was asked for, and not by whom.
            self::assertSame("GET /v1/node HTTP/1.1 \n", $impostor->until(static fn (): bool => true));
        }
    }

    public function testAnotherTrustedNodeDoesNotPassForThisOne(): void
    {
        $impostor = new LiveNode();
        $card = Programs::run(['card', 'show', '--json', '--data-dir', self::node()->data]);
        $trust = Trust::pinCard($card);
        $client = Client::connect($impostor->url, $trust, self::$token, retry: RetryPolicy::never());
        try {
            $client->submit(Programs::hello());
            self::fail('something was sent');
        } catch (DeniedException $refused) {
            self::assertStringContainsString('not the one that is trusted', $refused->getMessage());
        }
        $impostor->stop();
    }

    public function testANodeWithANewTlsKeyIsFollowedByItsNewerCard(): void
    {
        $node = new LiveNode();
        $client = Client::connect($node->url, Trust::pin($node->identity()), $node->token('t'));
        self::assertSame('a', $client->createJob(Programs::hello())->submit('a')->wait()->stdout());
        $before = $client->getTransport();
        self::assertInstanceOf(RemoteTransport::class, $before);
        $version = $before->card()->version;
        $node->stop();
        Programs::run(['key', 'rotate', 'tls', '--data-dir', $node->data]);
        $node->start();
        self::assertSame('b', $client->createJob(Programs::hello())->submit('b')->wait()->stdout());
        self::assertGreaterThan($version, $before->card()->version);
        // Whoever keeps the cards knows the old one for what it is.
        $again = Trust::fromText('n ' . $before->card()->identity->openSsh() . ' signed', $before->trust()->cards());
        self::assertSame($before->card()->version, $again->cardOf($again->nodes()[0])?->version);
        $node->stop();
    }

    public function testTakesTheNodesThatPlasmTrusts(): void
    {
        $plasm = dirname(Programs::plasmd()) . '/plasm';
        if (!is_executable($plasm)) {
            self::markTestSkipped('plasm is not beside plasmd');
        }
        $folder = new TemporaryFolder();
        $data = "{$folder->path}/data";
        $card = "{$folder->path}/card.json";
        Programs::run(['card', 'show', '-o', $card, '--data-dir', self::node()->data]);
        $command = [$plasm, 'trust', 'add', 'alpha', $card, '--level', 'logged', '--data-dir', $data];
        $process = proc_open($command, [1 => ['file', '/dev/null', 'w']], $pipes);
        self::assertIsResource($process);
        self::assertSame(0, proc_close($process));
        $client = Client::connect(self::node()->url, Trust::fromDataFolder($data), self::$token, 'alpha');
        $result = $client->createJob(Programs::hello())->submit('abc')->wait();
        self::assertSame('cba', $result->stdout());
        self::assertSame('alpha', $result->verification()->node);
    }

    public function testLogsComeWhileTheJobRuns(): void
    {
        $client = self::client();
        $id = $client->submit(Programs::guest('spin'), ['max_seconds' => 60]);
        $seen = [];
        foreach ($client->logs($id) as $event) {
            $seen[] = $event->kind === LogEvent::STATE ? $event->data : $event->kind;
            if ($event->kind === LogEvent::STDOUT) {
                self::assertSame("spinning\n", $event->data);
                // While its log is being read.
                $client->cancel($id);
            }
        }
        self::assertSame(['running', 'stdout', 'cancelled'], array_values(array_diff($seen, ['queued'])));
        self::assertSame('cancelled', $client->result($id)->status());
        self::assertSame("spinning\n", $client->result($id)->stdout());
    }

    public function testWaitsNoLongerThanItIsAllowed(): void
    {
        $client = self::client();
        $id = $client->submit(Programs::guest('spin'), ['max_seconds' => 60]);
        try {
            $client->wait($id, 0.2);
            self::fail('the job has ended');
        } catch (TimeoutException $early) {
            self::assertStringContainsString('goes on', $early->getMessage());
        }
        $client->cancel($id);
        $client->wait($id);
        self::assertFalse($client->result($id)->isSuccess());
    }

    public function testMuchGoesInAndOut(): void
    {
        $text = random_bytes(32) . str_repeat('0123456789abcdef', 1 << 20);
        $stream = tmpfile();
        self::assertIsResource($stream);
        fwrite($stream, $text);
        rewind($stream);
        $result = self::client()->createJob(Programs::guest('echo'))->withTimeout(60)->submit($stream)->wait();
        self::assertSame(hash('sha256', $text), hash('sha256', $result->stdout()));
    }

    public function testFoldersGoInAndFilesComeOut(): void
    {
        $folder = new TemporaryFolder();
        file_put_contents("{$folder->path}/in.txt", "some text\n");
        mkdir("{$folder->path}/empty");
        symlink('in.txt', "{$folder->path}/link");
        $client = self::client();
        $id = $client->submit(Programs::guest('files'), ['inputs' => ['/work' => $folder->path],
            'outputs' => ['/work/notes']]);
        $result = $client->result($id);
        self::assertSame(['/work/notes/final.txt'], array_keys($result->files()));
        self::assertSame("first line\nsecond line\n", Programs::saved($result, '/work/notes/final.txt'));
    }

    public function testAnotherProcessTakesAJobUpByItsTicket(): void
    {
        $client = self::client();
        $ticket = $client->ticket($client->submit(Programs::hello(), ['args' => ['abc']]))->toJson();
        $other = self::client();
        $id = $other->resume(JobTicket::fromJson($ticket));
        self::assertSame('cba', $other->result($id)->stdout());
        $this->expectException(NotFoundException::class);
        self::client()->result($id);
    }

    public function testATicketForAnotherRequestGivesNoOutput(): void
    {
        $client = self::client();
        $one = $client->ticket($client->submit(Programs::hello(), ['args' => ['abc']]));
        $other = $client->ticket($client->submit(Programs::hello(), ['args' => ['abcd']]));
        $swapped = new JobTicket($one->id, $other->manifest);
        $result = $client->result($client->resume($swapped));
        self::assertSame(Verdict::WrongJob, $result->verification()->verdict);
        $this->expectExceptionMessage('WRONG_JOB');
        $result->stdout();
    }

    public function testTheSameJobTwiceIsOneAndAnotherUnderItsNameIsAConflict(): void
    {
        $client = self::client();
        $options = ['job_id' => 'job-3f2b8c1e-7a4d-4e0b-9c55-0d1f6a2b7e90', 'nonce' => str_repeat('0', 32),
            'start_time' => 0, 'args' => ['a']];
        $id = $client->submit(Programs::hello(), $options);
        self::assertSame($id, $client->submit(Programs::hello(), $options));
        $this->expectException(ConflictException::class);
        $client->submit(Programs::hello(), ['args' => ['b']] + $options);
    }

    public function testTheNodesRefusalsAreExceptionsOfTheirOwn(): void
    {
        $node = new LiveNode(['PLASM_LIMITS_WALL_TIME_MS' => '5000']);
        $client = Client::connect($node->url, Trust::pin($node->identity()), $node->token('t'));
        try {
            $client->submit(Programs::hello(), ['max_seconds' => 6]);
            self::fail('the node took more than it takes');
        } catch (LimitExceededException|InvalidRequestException $refused) {
            self::assertGreaterThanOrEqual(400, $refused->status);
        }
        $node->stop();
        $client = Client::connect($node->url, Trust::pin($node->identity()), self::$token, retry: new RetryPolicy(2, 0.01));
        $this->expectException(UnavailableException::class);
        $client->submit(Programs::hello());
    }

    private static function node(): LiveNode
    {
        return self::$node ?? self::fail('no node');
    }

    private static function trust(): Trust
    {
        return Trust::pin(self::node()->identity());
    }

    private static function client(): Client
    {
        return Client::connect(self::node()->url, self::trust(), self::$token);
    }
}
