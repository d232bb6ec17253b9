<?php

// The queue between web requests and the worker: a folder, in which renaming a file is the only
// step that two processes can take at the same time.

declare(strict_types=1);

final class Queue
{
    public function __construct(private readonly string $folder)
    {
        foreach (['new', 'taken', 'done'] as $state) {
            if (!is_dir("$folder/$state")) {
                mkdir("$folder/$state", 0700, true);
            }
        }
    }

    /** @param array<string, mixed> $task */
    public function put(string $id, array $task): void
    {
        $this->write('new', $id, $task);
    }

    /**
     * The next task, which nobody else gets; what an earlier worker had begun comes first.
     *
     * @return array{string, array<string, mixed>}|null
     */
    public function take(bool $alsoTaken): ?array
    {
        foreach ($alsoTaken ? ['taken', 'new'] : ['new'] as $state) {
            foreach (glob("{$this->folder}/$state/*.json") ?: [] as $path) {
                $id = basename($path, '.json');
                if ($state === 'taken' || @rename($path, "{$this->folder}/taken/$id.json")) {
                    return [$id, $this->read('taken', $id) ?? []];
                }
            }
        }

        return null;
    }

    /** @param array<string, mixed> $answer */
    public function finish(string $id, array $answer): void
    {
        $this->write('done', $id, $answer);
        @unlink("{$this->folder}/taken/$id.json");
    }

    /** @return array<string, mixed>|null null while it is not there */
    public function answer(string $id): ?array
    {
        return $this->read('done', $id);
    }

    public function has(string $id): bool
    {
        return is_file("{$this->folder}/new/$id.json") || is_file("{$this->folder}/taken/$id.json");
    }

    /** @param array<string, mixed> $value */
    private function write(string $state, string $id, array $value): void
    {
        $temporary = "{$this->folder}/." . bin2hex(random_bytes(8));
        file_put_contents($temporary, json_encode($value, JSON_THROW_ON_ERROR));
        rename($temporary, "{$this->folder}/$state/$id.json");
    }

    /** @return array<string, mixed>|null */
    private function read(string $state, string $id): ?array
    {
        $text = @file_get_contents("{$this->folder}/$state/$id.json");

        return $text === false ? null : json_decode($text, true, 16, JSON_THROW_ON_ERROR);
    }
}
