<?php

declare(strict_types=1);

namespace Plasm\Tests\Integration;

use PHPUnit\Framework\TestCase;
use Plasm\Io\TemporaryFolder;
use Plasm\Keys\PublicKey;
use Plasm\Tests\Support\LiveNode;
use Plasm\Tests\Support\Programs;
use Plasm\Tests\Vectors\VectorFile;

/** The code of README.md, run as printed but for the names that a reader fills in. */
final class ReadmeTest extends TestCase
{
    private static ?LiveNode $node = null;
    private TemporaryFolder $folder;

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
        copy(Programs::hello(), "{$this->folder->path}/hello.wasm");
    }

    public function testAJobHere(): void
    {
        $output = $this->runCode([self::block('A job here')], ['/usr/bin/plasmd' => Programs::plasmd()]);
        self::assertStringStartsWith('!dlroW ,olleH0{"payloadType":', $output);
    }

    public function testAJobOnANodeAndItsTicket(): void
    {
        $token = (string) self::node()->token('readme')->token;
        $again = 'use Plasm\JobTicket; $other = Client::connect("https://node.example:7420", '
            . 'Trust::pin("ssh-ed25519 AAAA…"), Credentials::token("…43 characters…"));';
        $output = $this->runCode([self::block('A job on a node'), $again, self::block('A job on a node', 1)], [
            'https://node.example:7420' => self::node()->url,
            'ssh-ed25519 AAAA…' => self::node()->identity(),
            '…43 characters…' => $token,
        ]);
        self::assertStringContainsString("stdout !dlroW ,olleH\n", $output);
        self::assertStringEndsWith('!dlroW ,olleH', $output);
    }

    public function testAReceiptAlone(): void
    {
        $folder = $this->folder->path;
        $data = "$folder/data";
        Programs::run(['execute-job', '--data-dir', $data, '-o', "$folder/receipt.json", Programs::hello(), 'abc']);
        file_put_contents("$folder/stdout.bin", 'cba');
        Programs::run(['card', 'show', '--data-dir', $data, '-o', "$folder/card.json"]);
        $identity = PublicKey::fromHex(Programs::run(['key', 'show', 'identity', '--data-dir', $data]))->openSsh();
        $this->trust("me $identity signed\n", [(string) file_get_contents("$folder/card.json")]);
        $output = $this->runCode(
            ['use Plasm\Trust\Trust;', self::block('A receipt alone')],
            ['/home/me/.local/share/plasm' => "$folder/trusted"],
        );
        self::assertSame('VALID', $output);
    }

    public function testABundleOfSeveralNodes(): void
    {
        $case = VectorFile::cases('quorum')['one-differs'];
        file_put_contents("{$this->folder->path}/job.quorum.json", VectorFile::take($case, 'bundle'));
        $this->trust($case['trusted_nodes'], $case['cards']);
        $output = $this->runCode(
            ['use Plasm\Trust\Trust;', self::block('A receipt alone', 1)],
            ['/home/me/.local/share/plasm' => "{$this->folder->path}/trusted"],
        );
        self::assertSame("alpha agrees\nbeta VALID\ngamma agrees\n", $output);
    }

    public function testEveryBlockIsRun(): void
    {
        self::assertSame(5, substr_count(self::text(), '```php'));
    }

    /** @param list<string> $cards */
    private function trust(string $file, array $cards): void
    {
        $folder = "{$this->folder->path}/trusted";
        mkdir("$folder/cards", 0700, true);
        file_put_contents("$folder/trusted_nodes", $file);
        foreach ($cards as $card) {
            $payload = json_decode((string) base64_decode(json_decode($card, true)['payload'], true), true);
            file_put_contents("$folder/cards/{$payload['identity']}.json", $card);
        }
    }

    private static function text(): string
    {
        return (string) file_get_contents(dirname(__DIR__, 2) . '/README.md');
    }

    /** The n-th block of code of a section, counted from 0. */
    private static function block(string $section, int $number = 0): string
    {
        $text = explode("\n## ", explode("## $section\n", self::text(), 2)[1] ?? '')[0];
        preg_match_all('/^```php\n(.*?)^```$/ms', $text, $blocks);

        return $blocks[1][$number] ?? self::fail("no block $number under $section");
    }

    /**
     * @param list<string>          $blocks
     * @param array<string, string> $names  what a reader would fill in
     */
    private function runCode(array $blocks, array $names): string
    {
        $autoload = var_export(dirname(__DIR__, 2) . '/src/autoload.php', true);
        $code = "<?php\ndeclare(strict_types=1);\nrequire $autoload;\n" . strtr(implode("\n", $blocks), $names);
        $environment = ['PATH' => (string) getenv('PATH'), 'HOME' => $this->folder->path];
        $file = "{$this->folder->path}/readme.php";
        file_put_contents($file, $code);
        $process = proc_open(
            [PHP_BINARY, $file],
            [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
            $pipes,
            $this->folder->path,
            $environment,
        );
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $output);

        return $output;
    }

    private static function node(): LiveNode
    {
        return self::$node ?? self::fail('no node');
    }
}
