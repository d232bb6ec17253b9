<?php

declare(strict_types=1);

namespace Plasm;

/** Something that happens to a job while it runs. What the guest writes is not verified here. */
final class LogEvent
{
    public const STATE = 'state';
    public const STDOUT = 'stdout';
    public const STDERR = 'stderr';
    // The job is run again after a fault of the node's; what it writes again does not come again.
    public const RESTART = 'restart';

    /** @param string $data the state, or bytes */
    public function __construct(public readonly string $kind, public readonly string $data = '')
    {
    }
}
