<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Document\TreeText;
use Plasm\Exception\MalformedException;

/** A folder of this machine as spec/job.md section 3 names it. It must not change meanwhile. */
final class FolderScan
{
    /** @var array<array-key, string> digests by path */
    private array $files = [];
    /** @var array<array-key, string> texts by path */
    private array $links = [];
    /** @var list<string> */
    private array $empty = [];
    /** @var array<array-key, string> places on this machine by digest */
    private array $places = [];

    private function __construct(private readonly string $root)
    {
    }

    /**
     * @return array{TreeText, array<array-key, string>} its texts, and where its files are by their digests
     *
     * @throws MalformedException for what no guest can be given
     */
    public static function of(string $folder): array
    {
        $scan = new self(rtrim($folder, '/'));
        $scan->enter('');

        return [TreeText::of($scan->files, $scan->links, $scan->empty), $scan->places];
    }

    private function enter(string $below): void
    {
        $folder = "{$this->root}/$below";
        $names = @scandir($folder);
        if ($names === false) {
            throw new MalformedException("$folder: can't be read");
        }
        $names = array_values(array_diff($names, ['.', '..']));
        if ($names === [] && $below !== '') {
            $this->empty[] = rtrim($below, '/');
        }
        foreach ($names as $name) {
            $this->take("$below$name");
        }
    }

    private function take(string $path): void
    {
        $place = "{$this->root}/$path";
        if (is_link($place)) {
            $this->links[$path] = (string) readlink($place);
        } elseif (is_dir($place)) {
            $this->enter("$path/");
        } elseif (is_file($place) && ($digest = @hash_file('sha256', $place)) !== false) {
            $this->files[$path] = $digest;
            $this->places[$digest] = $place;
        } else {
            throw new MalformedException("$place: expected a file, folder or link that can be read");
        }
    }
}
