<?php

declare(strict_types=1);

namespace Plasm\Io;

/**
 * Bytes that are written once and read as often as you like, with their size and digest. Kept in
 * a file without a name, not in memory.
 */
final class Spool
{
    private const PIECE = 262_144;

    /** @var resource */
    private $file;
    private \HashContext $hash;
    private int $size = 0;
    private ?string $digest = null;

    public function __construct()
    {
        $file = tmpfile();
        if ($file === false) {
            throw new \RuntimeException('no temporary file could be made in ' . sys_get_temp_dir());
        }
        $this->file = $file;
        $this->hash = hash_init('sha256');
    }

    /** @param string|resource|null $source bytes, or a stream that is read to its end */
    public static function of(mixed $source): self
    {
        $spool = new self();
        if (is_string($source)) {
            $spool->write($source);
        } elseif (is_resource($source)) {
            while (!feof($source)) {
                $piece = fread($source, self::PIECE);
                if ($piece === false) {
                    throw new \RuntimeException('the stream could not be read');
                }
                $spool->write($piece);
            }
        } elseif ($source !== null) {
            throw new \InvalidArgumentException('found ' . get_debug_type($source) . ', expected a string or a stream');
        }

        return $spool;
    }

    public function write(string $bytes): void
    {
        if ($bytes === '') {
            return;
        }
        fseek($this->file, 0, SEEK_END);
        if (fwrite($this->file, $bytes) !== strlen($bytes)) {
            throw new \RuntimeException('a temporary file could not be written in ' . sys_get_temp_dir());
        }
        hash_update($this->hash, $bytes);
        $this->size += strlen($bytes);
        $this->digest = null;
    }

    public function size(): int
    {
        return $this->size;
    }

    /** SHA-256 of all that was written, in hex. */
    public function digest(): string
    {
        return $this->digest ??= hash_final(hash_copy($this->hash));
    }

    /** SHA-256 of the first bytes. */
    public function digestOfFirst(int $bytes): string
    {
        $hash = hash_init('sha256');
        hash_update_stream($hash, $this->stream(), $bytes);

        return hash_final($hash);
    }

    public function bytes(): string
    {
        return (string) stream_get_contents($this->stream());
    }

    /**
     * At its start. It is the same one each time, and ends with this object.
     *
     * @return resource
     */
    public function stream()
    {
        fflush($this->file);
        rewind($this->file);

        return $this->file;
    }
}
