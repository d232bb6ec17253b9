<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Exception\NotFoundException;
use Plasm\Exception\VerificationException;
use Plasm\Io\KeptFiles;
use Plasm\Io\Spool;
use Plasm\Verify\Verification;

/**
 * What came of a job. Every method but unverified() and those about the receipt throws a
 * VerificationException unless the receipt vouches for it: by a trusted node, for this request,
 * for these bytes.
 */
final class Result
{
    public function __construct(
        private readonly Receipt $receipt,
        private readonly Verification $verification,
        private readonly Spool $stdout,
        private readonly Spool $stderr,
        private readonly ?KeptFiles $files = null,
    ) {
    }

    /** @throws VerificationException */
    public function stdout(): string
    {
        return $this->vouched()->stdout->bytes();
    }

    /** @throws VerificationException */
    public function stderr(): string
    {
        return $this->vouched()->stderr->bytes();
    }

    /**
     * At its start, and valid as long as this object.
     *
     * @return resource
     *
     * @throws VerificationException
     */
    public function stdoutStream()
    {
        return $this->vouched()->stdout->stream();
    }

    /**
     * At its start, and valid as long as this object.
     *
     * @return resource
     *
     * @throws VerificationException
     */
    public function stderrStream()
    {
        return $this->vouched()->stderr->stream();
    }

    /**
     * 1 for a guest that did not exit by itself: see status().
     *
     * @throws VerificationException
     */
    public function exitCode(): int
    {
        return $this->vouched()->receipt->getExitCode();
    }

    /**
     * exited, trapped, out_of_fuel, output_limit, timed_out, cancelled or rejected.
     *
     * @throws VerificationException
     */
    public function status(): string
    {
        return $this->vouched()->receipt->status();
    }

    /**
     * Whether the guest exited with 0.
     *
     * @throws VerificationException
     */
    public function isSuccess(): bool
    {
        return $this->vouched()->receipt->isSuccess();
    }

    /**
     * The files that were kept, as the receipt names them.
     *
     * @return array<array-key, string> digests by path in the guest
     *
     * @throws VerificationException
     */
    public function files(): array
    {
        return $this->vouched()->receipt->statement()?->files() ?? [];
    }

    /**
     * Writes a kept file to a stream, while it comes. What was written counts only when this
     * returns: the digest is known at the end.
     *
     * @param resource $to
     *
     * @return int bytes
     *
     * @throws VerificationException
     * @throws NotFoundException     when the receipt names no such file
     */
    public function saveFile(string $guestPath, $to): int
    {
        $digest = $this->files()[$guestPath] ?? null;
        if ($digest === null || $this->files === null) {
            throw new NotFoundException("the receipt names no kept file $guestPath");
        }

        return $this->files->copy($guestPath, $digest, $to);
    }

    public function receipt(): Receipt
    {
        return $this->receipt;
    }

    public function verification(): Verification
    {
        return $this->verification;
    }

    /** The same without the promise: for looking at what a refused receipt came with. */
    public function unverified(): UnverifiedResult
    {
        return new UnverifiedResult($this->receipt, $this->stdout, $this->stderr);
    }

    private function vouched(): self
    {
        return $this->verification->isValid() ? $this : throw new VerificationException($this->verification);
    }
}
