<?php

declare(strict_types=1);

namespace Plasm\Transport;

use Plasm\Exception\ProcessException;
use Plasm\Exception\TimeoutException;
use Plasm\Io\Spool;

/** One run of a program, without a shell: words are arguments, whatever is in them. */
final class PlasmdProcess
{
    private const PIECE = 262_144;
    private const MAX_MESSAGE = 4096;

    /** @var resource */
    private $process;
    /** @var resource */
    private $stdout;
    /** @var resource */
    private $stderr;
    private string $output = '';
    private ?int $status = null;

    /**
     * @param list<string> $command the program and its arguments
     *
     * @throws ProcessException
     */
    public function __construct(private readonly array $command, Spool $stdin, private readonly int $mostOutput)
    {
        // A file, so that a program that writes much of it does not wait for anybody.
        $stderr = tmpfile();
        $process = $stderr === false ? false
            : @proc_open($command, [0 => $stdin->stream(), 1 => ['pipe', 'w'], 2 => $stderr], $pipes);
        if ($stderr === false || !is_resource($process)) {
            throw new ProcessException("{$command[0]}: can't be started; plasmd_path says where plasmd is");
        }
        $this->process = $process;
        $this->stdout = $pipes[1];
        $this->stderr = $stderr;
        stream_set_blocking($this->stdout, false);
    }

    public function __destruct()
    {
        if ($this->status === null) {
            $this->terminate();
            fclose($this->stdout);
            proc_close($this->process);
        }
    }

    /**
     * All that it wrote to its standard output, once it has ended.
     *
     * @throws TimeoutException
     * @throws ProcessException for more than is allowed
     */
    public function output(?float $seconds = null): string
    {
        $deadline = $seconds === null ? null : hrtime(true) + (int) ($seconds * 1e9);
        while ($this->status === null) {
            $left = $deadline === null ? null : max(0, $deadline - hrtime(true));
            $ready = [$this->stdout];
            $none = [];
            // A signal may end it early, with nothing to read.
            $count = $left === null ? @stream_select($ready, $none, $none, null)
                : @stream_select($ready, $none, $none, intdiv($left, 1_000_000_000), intdiv($left % 1_000_000_000, 1000));
            if ($count === 0) {
                throw new TimeoutException("the job has not ended within $seconds seconds; it goes on");
            }
            $this->output .= fread($this->stdout, self::PIECE);
            if (strlen($this->output) > $this->mostOutput) {
                $this->terminate();
                throw new ProcessException("{$this->command[0]}: wrote more than {$this->mostOutput} bytes");
            }
            if (feof($this->stdout)) {
                fclose($this->stdout);
                $this->status = proc_close($this->process);
            }
        }

        return $this->output;
    }

    /** Its exit status; output() has returned. */
    public function status(): int
    {
        return $this->status ?? throw new \LogicException('output() comes first');
    }

    /** The beginning of what it wrote to its standard error. */
    public function message(): string
    {
        rewind($this->stderr);

        return trim((string) fread($this->stderr, self::MAX_MESSAGE));
    }

    /** Asks for its end. */
    public function terminate(): void
    {
        if ($this->status === null) {
            proc_terminate($this->process);
        }
    }
}
