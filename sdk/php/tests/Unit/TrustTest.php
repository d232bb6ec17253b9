<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\MalformedException;
use Plasm\Exception\TrustException;
use Plasm\Io\TemporaryFolder;
use Plasm\Tests\Vectors\VectorFile;
use Plasm\Trust\CardOutcome;
use Plasm\Trust\Trust;

final class TrustTest extends TestCase
{
    public function testReadsADataFolder(): void
    {
        $folder = self::dataFolder();
        $trust = Trust::fromDataFolder($folder->path);
        self::assertSame('alpha', $trust->nodes()[0]->name);
        self::assertSame(2, $trust->cardOf($trust->nodes()[0])?->version);
        self::assertCount(1, $trust->cards());
    }

    public function testRefusesAFileThatOthersCanWrite(): void
    {
        $folder = self::dataFolder();
        chmod("{$folder->path}/trusted_nodes", 0666);
        $this->expectException(TrustException::class);
        Trust::fromDataFolder($folder->path);
    }

    public function testRefusesALinkInItsPlace(): void
    {
        $folder = self::dataFolder();
        rename("{$folder->path}/trusted_nodes", "{$folder->path}/elsewhere");
        symlink("{$folder->path}/elsewhere", "{$folder->path}/trusted_nodes");
        $this->expectException(TrustException::class);
        Trust::fromDataFolder($folder->path);
    }

    public function testSaysWhatToDoWhereThereIsNoFile(): void
    {
        $this->expectExceptionMessage('plasm trust add');
        Trust::fromDataFolder('/nonexistent');
    }

    public function testACardOfANodeThatIsNotTrustedChangesNothing(): void
    {
        $trust = Trust::pin(str_repeat('ab', 32));
        self::assertSame([$trust, null], $trust->offer(self::card()));
    }

    public function testAnOlderCardIsKnownForWhatItIs(): void
    {
        $line = self::line() . ' card=3';
        $trust = Trust::fromText($line);
        self::assertSame([$trust, CardOutcome::Rollback], $trust->offer(self::card()));
    }

    public function testPinsANodeByEitherFormOfItsKey(): void
    {
        $hex = '1225eaa750fe54f304c338876f172b541ca9742b2f7aa1634eb7ddd9b8f05319';
        $byHex = Trust::pin($hex, 'logged', 'n');
        $key = $byHex->nodes()[0]->identity;
        self::assertEquals($byHex, Trust::pin($key->openSsh(), 'logged', 'n'));
        self::assertSame('SHA256:7I/f7RENNu1QMPN5joX/JtSpk27x1p8LC2i6cXlsfXE', $key->fingerprint());
        $this->expectException(MalformedException::class);
        Trust::pin($key->fingerprint());
    }

    public function testTakesNoUnknownLevel(): void
    {
        $this->expectException(MalformedException::class);
        Trust::pin(str_repeat('ab', 32), 'trusted');
    }

    private static function card(): string
    {
        return VectorFile::cases('card')['accepted']['card'];
    }

    private static function line(): string
    {
        return 'alpha ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBIl6qdQ/lTzBMM4h28XK1QcqXQrL3qhY0633dm48FMZ logged';
    }

    private static function dataFolder(): TemporaryFolder
    {
        $folder = new TemporaryFolder();
        mkdir("{$folder->path}/cards");
        file_put_contents("{$folder->path}/trusted_nodes", self::line() . "\n");
        $trust = Trust::fromText(self::line());
        file_put_contents("{$folder->path}/cards/{$trust->nodes()[0]->identity->hex()}.json", self::card());

        return $folder;
    }
}
