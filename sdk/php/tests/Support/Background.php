<?php

declare(strict_types=1);

namespace Plasm\Tests\Support;

use PHPUnit\Framework\Assert;

/** A program of a test's own that runs beside it, and is ended with it. */
final class Background
{
    /** @var resource */
    private $process;
    /** @var resource */
    private $lines;

    /**
     * @param list<string>               $command
     * @param int                        $descriptor  that its lines are read from
     * @param array<string, string>|null $environment
     */
    public function __construct(array $command, int $descriptor, ?array $environment = null)
    {
        $descriptors = [0 => ['file', '/dev/null', 'r'], $descriptor => ['pipe', 'w']];
        $process = proc_open($command, $descriptors, $pipes, null, $environment);
        Assert::assertIsResource($process);
        $this->process = $process;
        $this->lines = $pipes[$descriptor];
    }

    public function __destruct()
    {
        if (is_resource($this->process)) {
            proc_terminate($this->process, SIGKILL);
            proc_close($this->process);
        }
    }

    /** Reads lines until the closure has seen what it waits for. */
    public function until(\Closure $isIt): string
    {
        stream_set_timeout($this->lines, 60);
        $seen = '';
        while (($line = fgets($this->lines)) !== false) {
            $seen .= $line;
            if ($isIt($line)) {
                return $line;
            }
        }
        Assert::fail("the program has not said what was expected, but: $seen");
    }

    public function signal(int $number): void
    {
        proc_terminate($this->process, $number);
    }

    /** Ends it as its operator would; gives its exit status. */
    public function stop(): int
    {
        proc_terminate($this->process, SIGTERM);
        stream_get_contents($this->lines);

        return proc_close($this->process);
    }
}
