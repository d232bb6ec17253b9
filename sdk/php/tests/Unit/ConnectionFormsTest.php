<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Client;
use Plasm\Exception\MalformedException;
use Plasm\Exception\NotFoundException;
use Plasm\Exception\TrustException;
use Plasm\Http\Connection;
use Plasm\Http\Credentials;
use Plasm\Http\Endpoint;
use Plasm\Http\Request;
use Plasm\JobTicket;
use Plasm\Trust\Trust;

/** What is wrong before anything is sent. */
final class ConnectionFormsTest extends TestCase
{
    public function testTakesTheFormsOfAnEndpoint(): void
    {
        self::assertSame('https://node.example:7420', Endpoint::parse('https://node.example')->base);
        self::assertSame('https://[::1]:1', Endpoint::parse('https://[::1]:1/')->base);
        self::assertSame('/run/plasmd.sock', Endpoint::parse('unix:/run/plasmd.sock')->socket);
    }

    /** @return iterable<string, array{string}> */
    public static function wrongEndpoints(): iterable
    {
        foreach (['http://node:7420', 'node:7420', 'https://u:p@node', 'https://node/path', 'https://node?x', 'https://',
            'https://node:0', 'https://node:65536', "https://node\n", 'https://no de', 'unix:relative', 'file:///etc',
            'https://node:7420#x', 'HTTPS://node', 'https://-node'] as $url) {
            yield $url => [$url];
        }
    }

    /** @dataProvider wrongEndpoints */
    public function testRefusesOthers(string $url): void
    {
        $this->expectException(MalformedException::class);
        Endpoint::parse($url);
    }

    public function testATokenCanNotBringAHeader(): void
    {
        $this->expectException(MalformedException::class);
        Credentials::token("aaaa\r\nX: y");
    }

    public function testSecretsDoNotShowInDumps(): void
    {
        $secret = str_repeat('s', 43);
        self::assertStringNotContainsString($secret, print_r(Credentials::token($secret), true));
    }

    public function testNothingThatShowsWhoAsksIsSentToAServerWhoseKeyIsNotKnown(): void
    {
        $connection = new Connection(Endpoint::parse('https://127.0.0.1:1'), Credentials::none());
        $this->expectException(\LogicException::class);
        $connection->send(new Request('GET', '/'), []);
    }

    public function testARemoteClientNeedsToKnowWhomToTrust(): void
    {
        $this->expectExceptionMessage('option trust');
        new Client(['mode' => 'remote', 'url' => 'https://node']);
    }

    public function testANodeThatIsNotTrustedCanNotBeNamed(): void
    {
        $this->expectException(TrustException::class);
        Client::connect('https://node', Trust::pin(str_repeat('ab', 32), name: 'a'), node: 'b');
    }

    public function testAnUnknownOptionIsRefused(): void
    {
        $this->expectExceptionMessage('option plasmdpath');
        new Client(['plasmdpath' => '/usr/bin/plasmd']);
    }

    public function testAJobThatThisClientDidNotBeginHasNoResult(): void
    {
        $client = Client::connect('https://node', Trust::pin(str_repeat('ab', 32)));
        $this->expectException(NotFoundException::class);
        $client->result('job-00000000-0000-4000-8000-000000000000');
    }

    public function testATicketOfAnotherFormIsRefused(): void
    {
        $this->expectException(MalformedException::class);
        JobTicket::fromJson('{"id":"job-00000000-0000-4000-8000-000000000000","manifest":"e30="}');
    }
}
