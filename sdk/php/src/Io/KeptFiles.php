<?php

declare(strict_types=1);

namespace Plasm\Io;

/** Where the files that a job kept can be got. */
interface KeptFiles
{
    /**
     * Writes the file to the stream.
     *
     * @param string   $digest of its bytes; others are an error
     * @param resource $to
     *
     * @return int bytes
     */
    public function copy(string $guestPath, string $digest, $to): int;
}
