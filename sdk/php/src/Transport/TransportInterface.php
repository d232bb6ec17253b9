<?php

declare(strict_types=1);

namespace Plasm\Transport;

use Plasm\Exception\PlasmException;
use Plasm\JobOrder;
use Plasm\Manifest;
use Plasm\Result;

/** Where jobs run. */
interface TransportInterface
{
    /**
     * Runs a module to its end.
     *
     * @param string|null $input its standard input
     *
     * @throws PlasmException
     */
    public function execute(string $wasmPath, Manifest $manifest, ?string $input = null): Result;

    /**
     * Begins a job and does not wait for it.
     *
     * @throws PlasmException
     */
    public function start(JobOrder $order): RunningJob;
}
