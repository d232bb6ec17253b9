<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Exception\PlasmException;
use Plasm\Transport\RunningJob;
use Plasm\Transport\TransportInterface;

/** A job that is put together step by step: each with… changes it and gives it back. */
final class Job
{
    /** @var array<string, mixed> as JobOrder::fromOptions() takes them */
    private array $options = [];
    private ?RunningJob $running = null;

    public function __construct(private readonly TransportInterface $transport, private readonly string $wasmPath)
    {
    }

    /** A guest runs on one core: more are asked for, and not used. */
    public function withCpu(int $cores): self
    {
        return $this->withOption('cpu', $cores);
    }

    public function withMemory(int $megabytes): self
    {
        return $this->withOption('memory_mb', $megabytes);
    }

    public function withTimeout(int $seconds): self
    {
        return $this->withOption('max_seconds', $seconds);
    }

    public function withArgs(string ...$args): self
    {
        return $this->withOption('args', array_values($args));
    }

    /** Any option of JobOrder::fromOptions(). */
    public function withOption(string $name, mixed $value): self
    {
        $this->options[$name] = $value;

        return $this;
    }

    /**
     * Begins it.
     *
     * @param string|resource|null $stdin bytes, or a stream that is read to its end
     *
     * @throws PlasmException
     */
    public function submit(mixed $stdin = null): self
    {
        if ($this->running !== null) {
            throw new \LogicException('the job was submitted before: make another one');
        }
        $options = $stdin === null ? $this->options : ['stdin' => $stdin] + $this->options;
        $this->running = $this->transport->start(JobOrder::fromOptions($this->wasmPath, $options));

        return $this;
    }

    /**
     * Its result, once it has ended.
     *
     * @throws PlasmException
     */
    public function wait(?float $seconds = null): Result
    {
        $this->running()->await($seconds);

        return $this->running()->result();
    }

    /** @throws PlasmException */
    public function cancel(): void
    {
        $this->running()->cancel();
    }

    /**
     * What happens, until it has ended.
     *
     * @return \Generator<int, LogEvent>
     */
    public function logs(): \Generator
    {
        return $this->running()->logs();
    }

    public function id(): string
    {
        return $this->running()->id();
    }

    private function running(): RunningJob
    {
        return $this->running ?? throw new \LogicException('the job was not submitted: call submit() first');
    }
}
