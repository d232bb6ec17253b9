<?php

declare(strict_types=1);

namespace Plasm\Transport;

use Plasm\Exception\CorruptException;
use Plasm\Exception\NotFoundException;
use Plasm\Io\KeptFiles;
use Plasm\Io\TemporaryFolder;

/** The files of a job that ran here: copies that plasmd has left in a folder of ours. */
final class LocalFiles implements KeptFiles
{
    /** @param list<string> $outputs paths in the guest; the copy of the n-th is "output-n" */
    public function __construct(private readonly TemporaryFolder $folder, private readonly array $outputs)
    {
    }

    public function copy(string $guestPath, string $digest, $to): int
    {
        foreach ($this->outputs as $index => $output) {
            $below = $guestPath === $output ? '' : substr($guestPath, strlen(rtrim($output, '/')));
            $isHere = $guestPath === $output || str_starts_with($guestPath, rtrim($output, '/') . '/');
            $path = "{$this->folder->path}/output-$index$below";
            if (!$isHere || in_array('..', explode('/', $below), true) || !is_file($path)) {
                continue;
            }
            if (hash_file('sha256', $path) !== $digest) {
                throw new CorruptException("$guestPath: its bytes have another digest than the receipt names");
            }

            return (int) stream_copy_to_stream(fopen($path, 'rb') ?: throw new NotFoundException($path), $to);
        }
        throw new NotFoundException("$guestPath: there is no copy of it");
    }
}
