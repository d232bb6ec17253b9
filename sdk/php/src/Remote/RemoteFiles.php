<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Document\Limits;
use Plasm\Exception\PlasmException;
use Plasm\Io\KeptFiles;
use Plasm\Io\Spool;

/** Outputs of a job on its node, by the digests that the verified receipt names. */
final class RemoteFiles implements KeptFiles
{
    public function __construct(private readonly BlobTransfer $blobs, private readonly Limits $limits)
    {
    }

    public function copy(string $guestPath, string $digest, $to): int
    {
        return $this->get($digest, (int) $this->limits->fileBytes, static function (string $piece) use ($to): void {
            for ($sent = 0; $sent < strlen($piece); $sent += $count) {
                $count = fwrite($to, substr($piece, $sent));
                if ($count === false || $count === 0) {
                    throw new \RuntimeException('the stream takes no more');
                }
            }
        });
    }

    /** @throws PlasmException */
    public function fetch(string $digest, Spool $to): void
    {
        $this->get($digest, (int) $this->limits->outputBytes, $to->write(...));
    }

    /** @param \Closure(string): void $take */
    private function get(string $digest, int $most, \Closure $take): int
    {
        return $digest === hash('sha256', '') ? 0 : $this->blobs->download($digest, $take, $most);
    }
}
