<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Document\Limits;
use Plasm\Io\KeptFiles;

/** Files that a job kept on its node, by the digests that the verified receipt names. */
final class RemoteFiles implements KeptFiles
{
    public function __construct(private readonly BlobTransfer $blobs, private readonly Limits $limits)
    {
    }

    public function copy(string $guestPath, string $digest, $to): int
    {
        if ($digest === hash('sha256', '')) {
            return 0;
        }

        return $this->blobs->download($digest, static function (string $piece) use ($to): void {
            for ($sent = 0; $sent < strlen($piece); $sent += $count) {
                $count = fwrite($to, substr($piece, $sent));
                if ($count === false || $count === 0) {
                    throw new \RuntimeException('the stream takes no more');
                }
            }
        }, (int) $this->limits->fileBytes);
    }
}
