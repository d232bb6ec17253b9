<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Encoding\Moment;

/**
 * What a receipt v2 states: spec/receipt.md sections 2 to 4. It has the right form; whether it is
 * to be believed is another question (Plasm\Verify\Verifier).
 */
final class Statement
{
    public const COUNTS_FUEL = ['exited', 'trapped', 'out_of_fuel', 'output_limit'];

    /**
     * @param array<array-key, string> $subjects    digests by name: stdout, stderr, and file:PATH, sorted
     * @param list<InputTree>          $trees
     * @param string                   $moduleSize, $stdoutBytes, $stderrBytes, $wallTimeNs, $sequence decimal
     */
    public function __construct(
        public readonly array $subjects,
        public readonly string $manifestDigest,
        public readonly string $jobId,
        public readonly ?string $requester,
        public readonly ?string $nonce,
        public readonly ?Moment $notAfter,
        public readonly string $moduleDigest,
        public readonly string $moduleSize,
        public readonly string $argsDigest,
        public readonly string $envDigest,
        public readonly string $stdinDigest,
        public readonly array $trees,
        public readonly Limits $limits,
        public readonly string $engine,
        public readonly string $engineVersion,
        public readonly string $target,
        public readonly string $configuration,
        public readonly string $profile,
        public readonly string $status,
        public readonly ?int $exitCode,
        public readonly ?string $trap,
        public readonly ?string $reason,
        public readonly ?string $fuelUsed,
        public readonly string $stdoutBytes,
        public readonly string $stderrBytes,
        public readonly bool $truncated,
        public readonly ?string $resultDigest,
        public readonly Moment $start,
        public readonly Moment $end,
        public readonly string $wallTimeNs,
        public readonly int $attempts,
        public readonly string $identity,
        public readonly string $key,
        public readonly bool $isBatch,
        public readonly ?string $log,
        public readonly string $boot,
        public readonly string $sequence,
    ) {
    }

    /**
     * The files that were kept.
     *
     * @return array<array-key, string> digests by path in the guest
     */
    public function files(): array
    {
        $files = [];
        foreach ($this->subjects as $name => $digest) {
            if (str_starts_with((string) $name, 'file:')) {
                $files[substr((string) $name, strlen('file:'))] = $digest;
            }
        }

        return $files;
    }

    /** The text of spec/receipt.md section 7. */
    public function resultText(): string
    {
        $text = "urn:plasm:result:v1\nstatus {$this->status}\n";
        if ($this->exitCode !== null) {
            $text .= "exit-code {$this->exitCode}\n";
        }
        if ($this->trap !== null) {
            $text .= "trap {$this->trap}\n";
        }
        $text .= "stdout {$this->subjects['stdout']} {$this->stdoutBytes}\n";
        $text .= "stderr {$this->subjects['stderr']} {$this->stderrBytes}\n";
        foreach ($this->files() as $path => $digest) {
            $text .= "file $digest " . strtr((string) $path, ['\\' => '\\\\', "\n" => '\\n', "\r" => '\\r']) . "\n";
        }

        return $text;
    }
}
