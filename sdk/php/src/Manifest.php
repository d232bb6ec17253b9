<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;

/**
 * A manifest v0.1: a module and what it may use. (What a receipt v2 answers is a
 * Plasm\Document\JobManifest.)
 */
final class Manifest
{
    public const MAX_CPU_CORES = 64;
    public const MAX_MEMORY_MB = 32_768;
    public const MAX_TIMEOUT_SECONDS = 3600;
    private const MAX_BYTES = 65_536;

    private string $version = '0.1';
    private int $cpuCores = 1;
    private int $memoryMb = 128;
    private int $timeoutSeconds = 300;

    private function __construct(private readonly string $moduleHash)
    {
    }

    /** @throws MalformedException when there is no such file */
    public static function fromWasmFile(string $wasmPath): self
    {
        $digest = is_file($wasmPath) ? @hash_file('sha256', $wasmPath) : false;
        if ($digest === false) {
            throw new MalformedException("module: no file that can be read at $wasmPath");
        }

        return new self("sha256:$digest");
    }

    /** @throws MalformedException */
    public static function fromJson(string $json): self
    {
        $node = Node::parse($json, 'manifest', new JsonLimits(self::MAX_BYTES, 1, 64));
        $node->members(['version', 'module_hash', 'cpu_cores', 'memory_mb', 'timeout_seconds']);
        $manifest = new self(
            $node->get('module_hash')->matching('sha256:[0-9a-f]{64}', '"sha256:" and 64 lower-case hex digits'),
        );
        $manifest->version = $node->get('version')->matching('[0-9]+\.[0-9]+', 'a version as in "0.1"');
        $manifest->cpuCores = $node->get('cpu_cores')->integer(1, self::MAX_CPU_CORES);
        $manifest->memoryMb = $node->get('memory_mb')->integer(1, self::MAX_MEMORY_MB);
        $manifest->timeoutSeconds = $node->get('timeout_seconds')->integer(1, self::MAX_TIMEOUT_SECONDS);

        return $manifest;
    }

    public function toJson(): string
    {
        return json_encode([
            'version' => $this->version,
            'module_hash' => $this->moduleHash,
            'cpu_cores' => $this->cpuCores,
            'memory_mb' => $this->memoryMb,
            'timeout_seconds' => $this->timeoutSeconds,
        ], JSON_THROW_ON_ERROR | JSON_PRETTY_PRINT);
    }

    public function getVersion(): string
    {
        return $this->version;
    }

    /** "sha256:" and 64 hex digits. */
    public function getModuleHash(): string
    {
        return $this->moduleHash;
    }

    public function getCpuCores(): int
    {
        return $this->cpuCores;
    }

    public function getMemoryMb(): int
    {
        return $this->memoryMb;
    }

    public function getTimeoutSeconds(): int
    {
        return $this->timeoutSeconds;
    }

    /** A guest runs on one core: more are asked for, and not used. */
    public function setCpuCores(int $cores): void
    {
        $this->cpuCores = self::checked('cpu_cores', $cores, self::MAX_CPU_CORES);
    }

    public function setMemoryMb(int $mb): void
    {
        $this->memoryMb = self::checked('memory_mb', $mb, self::MAX_MEMORY_MB);
    }

    public function setTimeoutSeconds(int $seconds): void
    {
        $this->timeoutSeconds = self::checked('timeout_seconds', $seconds, self::MAX_TIMEOUT_SECONDS);
    }

    private static function checked(string $name, int $value, int $most): int
    {
        if ($value < 1 || $value > $most) {
            throw new MalformedException("$name: found $value, expected 1 to $most");
        }

        return $value;
    }
}
