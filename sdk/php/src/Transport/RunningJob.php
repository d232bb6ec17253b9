<?php

declare(strict_types=1);

namespace Plasm\Transport;

use Plasm\Exception\JobFailedException;
use Plasm\Exception\PlasmException;
use Plasm\Exception\TimeoutException;
use Plasm\LogEvent;
use Plasm\Result;

/** A job that has begun. */
interface RunningJob
{
    /** What the client knows it by. */
    public function id(): string;

    /**
     * Blocks until it has ended.
     *
     * @param float|null $seconds how long at most; null: as long as it takes
     *
     * @throws TimeoutException
     * @throws PlasmException
     */
    public function await(?float $seconds = null): void;

    /**
     * What came of it, once it has ended; the same each time.
     *
     * @throws JobFailedException when there is no result
     * @throws PlasmException
     */
    public function result(): Result;

    /**
     * Asks for its end. result() then gives a Result of the status "cancelled", unless it had ended.
     *
     * @throws PlasmException
     */
    public function cancel(): void;

    /**
     * What happens, until it has ended.
     *
     * @return \Generator<int, LogEvent>
     *
     * @throws PlasmException
     */
    public function logs(): \Generator;
}
