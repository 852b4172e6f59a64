using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>The body of an inference request: JSON, and behind it the tensors' bytes, each read straight to where it is used.</summary>
/// <param name="body">Read from the front.</param>
/// <param name="length">Of it; null where the request does not say.</param>
internal sealed class InferenceBody(Stream body, long? length)
{
    public const string HeaderLength = "Inference-Header-Content-Length";

    private long _read;

    /// <summary>
    /// The JSON: as long as the header says, else all; null where the header says 0, and the whole body is one tensor's bytes.
    /// Problem code: <c>inference.invalid</c>.
    /// </summary>
    public async Task<Outcome<ReadOnlyMemory<byte>?>> JsonAsync(string? header, CancellationToken cancel)
    {
        if (header is null)
        {
            return (ReadOnlyMemory<byte>?)await RestAsync(cancel);
        }

        if (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var json) || json > (length ?? int.MaxValue))
        {
            return Problem.Invalid("inference.invalid", $"{HeaderLength} must be a number up to the body's {length} bytes, received '{header}'");
        }

        return json == 0 ? Outcome.Success<ReadOnlyMemory<byte>?>(null) : (ReadOnlyMemory<byte>?)await BytesAsync(json, cancel);
    }

    /// <exception cref="FormatException">The body ends before.</exception>
    public async Task<byte[]> BytesAsync(int count, CancellationToken cancel)
    {
        Require(count);
        var bytes = new byte[count];
        await FillAsync(bytes, cancel);
        return bytes;
    }

    /// <summary>Values of float32, in memory that is given back on dispose.</summary>
    /// <exception cref="FormatException">The body ends before.</exception>
    public async Task<PooledFloats> FloatsAsync(int bytes, CancellationToken cancel)
    {
        Require(bytes);
        var floats = new PooledFloats(bytes / sizeof(float));
        try
        {
            await FillAsync(floats.Bytes, cancel);
            return floats;
        }
        catch
        {
            floats.Dispose();
            throw;
        }
    }

    public async Task<byte[]> RestAsync(CancellationToken cancel)
    {
        if (length is { } known and < int.MaxValue)
        {
            return await BytesAsync((int)(known - _read), cancel);
        }

        using var rest = new MemoryStream();
        await body.CopyToAsync(rest, cancel);
        return rest.ToArray();
    }

    /// <exception cref="FormatException">Something follows.</exception>
    public async Task RequireEndAsync(CancellationToken cancel)
    {
        var more = length is { } known ? known - _read : await body.ReadAsync(new byte[1], cancel);
        if (more > 0)
        {
            throw new FormatException("bytes follow the tensors that the inputs announce");
        }
    }

    private void Require(long count)
    {
        if (length is { } known && count > known - _read)
        {
            throw new FormatException($"{count} bytes of binary data are announced, {known - _read} are left");
        }
    }

    private async Task FillAsync(Memory<byte> target, CancellationToken cancel)
    {
        try
        {
            await body.ReadExactlyAsync(target, cancel);
        }
        catch (EndOfStreamException)
        {
            throw new FormatException("the body ends before the binary data that the inputs announce");
        }

        _read += target.Length;
    }
}
