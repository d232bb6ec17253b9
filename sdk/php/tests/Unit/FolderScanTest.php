<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\MalformedException;
use Plasm\Io\TemporaryFolder;
use Plasm\Remote\FolderScan;

final class FolderScanTest extends TestCase
{
    private TemporaryFolder $folder;

    protected function setUp(): void
    {
        $this->folder = new TemporaryFolder();
    }

    public function testNamesTheTreeAsCoreutilsDo(): void
    {
        $root = $this->folder->path;
        mkdir("$root/b/c", 0700, true);
        mkdir("$root/empty");
        foreach (['b/c/z', 'b/a', 'a b', 'b.x', '10', '9', 'é'] as $name) {
            file_put_contents("$root/$name", $name);
        }
        symlink('b/a', "$root/link");
        [$text, $places] = FolderScan::of("$root/");
        $command = 'cd "$0" && find . -type f -printf \'%P\0\' | LC_ALL=C sort -z | xargs -0r sha256sum -- | sha256sum';
        $process = proc_open(['sh', '-c', $command, $root], [1 => ['pipe', 'w']], $pipes);
        self::assertIsResource($process);
        $expected = substr((string) stream_get_contents($pipes[1]), 0, 64);
        proc_close($process);
        self::assertSame($expected, hash('sha256', $text->tree));
        self::assertSame("empty/\nlink -> b/a\n", $text->layout);
        self::assertSame("$root/b/a", $places[hash('sha256', 'b/a')]);
    }

    public function testRefusesANameThatNoManifestCanHold(): void
    {
        file_put_contents("{$this->folder->path}/a\nb", '');
        $this->expectException(MalformedException::class);
        FolderScan::of($this->folder->path);
    }

    public function testRefusesWhatIsNoFile(): void
    {
        posix_mkfifo("{$this->folder->path}/pipe", 0600);
        $this->expectExceptionMessage('pipe');
        FolderScan::of($this->folder->path);
    }
}
