<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Io\Spool;
use Plasm\Io\TemporaryFolder;

final class SpoolTest extends TestCase
{
    public function testKnowsItsBytesSizeAndDigestAtAnyTime(): void
    {
        $spool = Spool::of('ab');
        self::assertSame(hash('sha256', 'ab'), $spool->digest());
        self::assertSame('a', fread($spool->stream(), 1));
        $spool->write('c');
        self::assertSame(['abc', 3, hash('sha256', 'abc')], [$spool->bytes(), $spool->size(), $spool->digest()]);
        self::assertSame(hash('sha256', 'ab'), $spool->digestOfFirst(2));
        self::assertSame(hash('sha256', ''), $spool->digestOfFirst(0));
    }

    public function testTakesAStreamToItsEnd(): void
    {
        $stream = fopen('php://memory', 'w+b');
        self::assertIsResource($stream);
        fwrite($stream, str_repeat('x', 1_000_000));
        rewind($stream);
        self::assertSame(1_000_000, Spool::of($stream)->size());
    }

    public function testAFolderIsGoneWithItsObjectAndLinksAreNotFollowed(): void
    {
        $kept = new TemporaryFolder();
        file_put_contents("{$kept->path}/file", '');
        $folder = new TemporaryFolder();
        $path = $folder->path;
        self::assertSame(0700, fileperms($path) & 0777);
        mkdir("$path/a/b", 0700, true);
        symlink($kept->path, "$path/a/link");
        unset($folder);
        self::assertDirectoryDoesNotExist($path);
        self::assertFileExists("{$kept->path}/file");
    }
}
