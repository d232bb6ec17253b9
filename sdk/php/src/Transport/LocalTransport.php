<?php

declare(strict_types=1);

namespace Plasm\Transport;

use Plasm\Document\NodeCard;
use Plasm\Exception\MalformedException;
use Plasm\Exception\ProcessException;
use Plasm\Io\Spool;
use Plasm\Io\TemporaryFolder;
use Plasm\JobOrder;
use Plasm\Log\Policy;
use Plasm\Manifest;
use Plasm\Result;
use Plasm\Trust\Trust;

/** Runs jobs on this machine, with `plasmd execute-job`. Their receipts are those of its data folder's node. */
final class LocalTransport implements TransportInterface
{
    /**
     * @param string      $plasmdPath the program: a path, or a name that is looked for in PATH
     * @param string|null $dataFolder null: plasmd's own, ~/.local/share/plasm
     * @param Trust|null  $trust      whose receipts count; null: the node of the data folder, as plasmd
     *                                itself names it
     * @param Policy|null $policy     demanded of every receipt
     */
    public function __construct(
        private readonly string $plasmdPath = 'plasmd',
        private readonly ?string $dataFolder = null,
        private readonly ?Trust $trust = null,
        private readonly ?Policy $policy = null,
    ) {
    }

    public function execute(string $wasmPath, Manifest $manifest, ?string $input = null): Result
    {
        $options = JobOrder::optionsOf($manifest) + ($input === null ? [] : ['stdin' => $input]);

        return $this->start(JobOrder::fromOptions($wasmPath, $options))->result();
    }

    public function start(JobOrder $order): RunningJob
    {
        $folder = new TemporaryFolder();
        $limits = $order->limits;
        $flags = [
            '--receipt-file', "{$folder->path}/receipt",
            '--nonce', $order->nonce,
            '--memory', $limits->memoryBytes,
            '--fuel', $limits->fuel,
            '--output-limit', $limits->outputBytes,
            '--timeout', (string) intdiv((int) $limits->wallTimeMs, 1000),
            '--profile', $order->profile,
        ];
        foreach (['--seed' => $order->seed, '--start-time' => $order->startTime,
            '--not-after' => $order->notAfter?->toString()] as $flag => $value) {
            if ($value !== null) {
                array_push($flags, $flag, (string) $value);
            }
        }
        foreach ($order->env as $element) {
            array_push($flags, '--env', $element);
        }
        foreach ($order->inputs as $guest => $host) {
            self::refuse(str_contains("$host$guest", '::'), 'inputs', '::');
            array_push($flags, '--dir', "$host::$guest");
        }
        foreach (array_values(array_unique($order->outputs)) as $index => $guest) {
            self::refuse(str_contains($guest, '='), 'outputs', '=');
            array_push($flags, '--output', "$guest={$folder->path}/output-$index");
        }
        // JSON may have every byte of output twice, escaped and in base64.
        $most = (1 << 20) + 8 * (int) min((int) $limits->outputBytes, 1 << 40);
        // plasmd takes a module's name that begins with a hyphen for a flag, also behind "--".
        $module = str_starts_with($order->wasmPath, '-') ? "./{$order->wasmPath}" : $order->wasmPath;
        $command = $this->command('execute-job', [...$flags, '--', $module, ...$order->args]);
        $digest = (string) hash_file('sha256', $order->wasmPath);

        return new LocalJob(new PlasmdProcess($command, $order->stdin, $most), $order, $digest, $folder, $this);
    }

    /**
     * Whose receipts count.
     *
     * @throws ProcessException
     */
    public function trust(): Trust
    {
        return $this->trust ?? Trust::pinCard($this->run('card', ['show', '--json']), 'signed', 'local');
    }

    public function policy(): ?Policy
    {
        return $this->policy;
    }

    /** @param list<string> $arguments */
    private function run(string $verb, array $arguments): string
    {
        $words = $this->dataFolder === null ? $arguments : [...$arguments, '--data-dir', $this->dataFolder];
        $process = new PlasmdProcess([$this->plasmdPath, $verb, ...$words], new Spool(), 4 * NodeCard::MAX_BYTES);
        $output = $process->output();
        if ($process->status() !== 0) {
            throw new ProcessException("{$this->plasmdPath} $verb: {$process->message()}");
        }

        return $output;
    }

    private static function refuse(bool $isAmbiguous, string $option, string $separator): void
    {
        if ($isAmbiguous) {
            throw new MalformedException("option $option: a path with \"$separator\", which ends a path for plasmd");
        }
    }

    /**
     * @param list<string> $arguments
     *
     * @return list<string>
     */
    private function command(string $verb, array $arguments): array
    {
        $folder = $this->dataFolder === null ? [] : ['--data-dir', $this->dataFolder];

        return [$this->plasmdPath, $verb, ...$folder, ...$arguments];
    }
}
