<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Document\Limits;
use Plasm\Encoding\Moment;
use Plasm\Exception\MalformedException;
use Plasm\Io\Spool;

/** What is to be run, with what, and within which limits. */
final class JobOrder
{
    /** The options of fromOptions(), and of Client::submit(). */
    private const OPTIONS = ['cpu', 'memory_mb', 'max_seconds', 'fuel', 'output_bytes', 'args', 'env', 'stdin', 'inputs',
        'outputs', 'profile', 'seed', 'start_time', 'not_after', 'nonce', 'job_id', 'idempotency_key'];

    /**
     * @param list<string>          $args      without the program's name
     * @param list<string>          $env       KEY=value
     * @param array<string, string> $inputs    folders here, by their path in the guest
     * @param list<string>          $outputs   paths in the guest whose files are kept
     * @param string|null           $seed      64 hex digits; null: derived from the job
     * @param int|null              $startTime the guest's clock: seconds since 1970; null: now
     * @param string                $nonce     hex: the receipt must repeat it
     */
    private function __construct(
        public readonly string $wasmPath,
        public readonly array $args,
        public readonly array $env,
        public readonly Spool $stdin,
        public readonly array $inputs,
        public readonly array $outputs,
        public readonly Limits $limits,
        public readonly string $profile,
        public readonly ?string $seed,
        public readonly ?int $startTime,
        public readonly ?Moment $notAfter,
        public readonly string $nonce,
        public readonly string $jobId,
        public readonly ?string $idempotencyKey,
    ) {
    }

    /**
     * @param array<string, mixed> $options see the README; none other is taken, and each has its type
     *
     * @throws MalformedException that names the option
     */
    public static function fromOptions(string $wasmPath, array $options = []): self
    {
        if (!is_file($wasmPath)) {
            throw new MalformedException("module: no file at $wasmPath");
        }
        foreach (array_keys($options) as $name) {
            if (!in_array($name, self::OPTIONS, true)) {
                throw new MalformedException("option $name: not known, expected one of " . implode(', ', self::OPTIONS));
            }
        }
        self::integer($options, 'cpu', 1, 1, Manifest::MAX_CPU_CORES);
        $memory = self::integer($options, 'memory_mb', 128, 1, 4096);
        $seconds = self::integer($options, 'max_seconds', 300, 1, 31_536_000);
        $defaults = new Limits();
        $notAfter = self::text($options, 'not_after', '.+');

        return new self(
            $wasmPath,
            self::texts($options, 'args'),
            self::environment($options['env'] ?? []),
            Spool::of($options['stdin'] ?? null),
            self::folders($options['inputs'] ?? []),
            self::texts($options, 'outputs'),
            new Limits(
                memoryBytes: (string) ($memory << 20),
                fuel: (string) self::integer($options, 'fuel', (int) $defaults->fuel, 1, PHP_INT_MAX),
                outputBytes: (string) self::integer($options, 'output_bytes', (int) $defaults->outputBytes, 0, PHP_INT_MAX),
                wallTimeMs: (string) ($seconds * 1000),
            ),
            self::text($options, 'profile', 'plasm-det-1|live') ?? 'plasm-det-1',
            self::text($options, 'seed', '[0-9a-f]{64}'),
            isset($options['start_time']) ? self::integer($options, 'start_time', 0, 0, 18_446_744_073) : null,
            $notAfter === null ? null : Moment::parse($notAfter)
                ?? throw new MalformedException("option not_after: found $notAfter, expected a time as in 2026-11-24T09:30:00Z"),
            self::text($options, 'nonce', '(?:[0-9a-f]{2}){16,64}') ?? bin2hex(random_bytes(16)),
            self::text($options, 'job_id', 'job-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}') ?? self::newJobId(),
            self::text($options, 'idempotency_key', '[!-~]{1,128}'),
        );
    }

    /**
     * The options that a manifest v0.1 stands for. It may allow more memory than a guest can address.
     *
     * @return array<string, int>
     */
    public static function optionsOf(Manifest $manifest): array
    {
        return ['cpu' => $manifest->getCpuCores(), 'memory_mb' => min($manifest->getMemoryMb(), 4096),
            'max_seconds' => $manifest->getTimeoutSeconds()];
    }

    /** The program's name, the first of its arguments. */
    public function programName(): string
    {
        return basename($this->wasmPath);
    }

    private static function newJobId(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr(ord($bytes[6]) & 0x0F | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3F | 0x80);

        return 'job-' . vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }

    /** @param array<string, mixed> $options */
    private static function integer(array $options, string $name, int $default, int $least, int $most): int
    {
        $value = $options[$name] ?? $default;
        if (!is_int($value) || $value < $least || $value > $most) {
            throw new MalformedException("option $name: found " . self::shown($value)
                . ", expected an integer from $least to $most");
        }

        return $value;
    }

    /** @param array<string, mixed> $options */
    private static function text(array $options, string $name, string $pattern): ?string
    {
        $value = $options[$name] ?? null;
        if ($value !== null && (!is_string($value) || preg_match("\x01^(?:$pattern)$\x01D", $value) !== 1)) {
            throw new MalformedException("option $name: found " . self::shown($value) . ", expected $pattern");
        }

        return $value;
    }

    /**
     * @param array<string, mixed> $options
     *
     * @return list<string>
     */
    private static function texts(array $options, string $name): array
    {
        $texts = [];
        foreach (self::list($options[$name] ?? [], $name) as $value) {
            if (!is_string($value) || str_contains($value, "\0")) {
                throw new MalformedException("option $name: found " . self::shown($value)
                    . ', expected strings without NUL');
            }
            $texts[] = $value;
        }

        return $texts;
    }

    /** @return list<string> */
    private static function environment(mixed $value): array
    {
        $env = [];
        foreach (self::list($value, 'env') as $key => $text) {
            if (!is_string($text) || $key === '' || str_contains("$key$text", "\0") || str_contains((string) $key, '=')) {
                throw new MalformedException("option env: $key: expected strings by name, without NUL");
            }
            $env[] = "$key=$text";
        }

        return $env;
    }

    /** @return array<string, string> */
    private static function folders(mixed $value): array
    {
        $folders = [];
        foreach (self::list($value, 'inputs') as $guest => $host) {
            if (!is_string($guest) || $guest === '' || !is_string($host) || !is_dir($host)) {
                throw new MalformedException('option inputs: found ' . self::shown($host)
                    . ', expected folders that are there, by their path in the guest');
            }
            $folders[$guest] = $host;
        }

        return $folders;
    }

    /** @return array<array-key, mixed> */
    private static function list(mixed $value, string $name): array
    {
        return is_array($value) ? $value
            : throw new MalformedException("option $name: found " . self::shown($value) . ', expected an array');
    }

    private static function shown(mixed $value): string
    {
        return is_scalar($value) ? var_export($value, true) : get_debug_type($value);
    }
}
