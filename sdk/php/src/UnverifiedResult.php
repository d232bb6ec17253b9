<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Io\Spool;

/** What somebody says that came of a job. Nobody vouches for it. */
final class UnverifiedResult
{
    public function __construct(
        private readonly Receipt $receipt,
        private readonly Spool $stdout,
        private readonly Spool $stderr,
    ) {
    }

    public function stdout(): string
    {
        return $this->stdout->bytes();
    }

    public function stderr(): string
    {
        return $this->stderr->bytes();
    }

    public function exitCode(): int
    {
        return $this->receipt->getExitCode();
    }

    public function status(): string
    {
        return $this->receipt->status();
    }
}
