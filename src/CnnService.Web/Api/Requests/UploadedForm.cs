using System.Text;
using System.Text.Unicode;
using CnnService.Core.Common;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Api.Requests;

/// <summary>A multipart form with one large file, which is streamed to disk without being buffered in memory.</summary>
/// <param name="HasFile">Whether the form had the part <c>file</c>, which may also be named <c>files</c>.</param>
/// <param name="Fields">The other parts as text, by name.</param>
internal sealed record UploadedForm(bool HasFile, IReadOnlyDictionary<string, string> Fields)
{
    private const int MaxHeaders = 16;
    private const int MaxFields = 32;
    private const int BufferBytes = 4096;

    /// <summary>Names of the part with the file: the second is what requests with several files call it.</summary>
    private static readonly string[] FileParts = ["file", "files"];

    /// <summary>Reads the form. On a problem no file is left on disk. Problem: <c>request.malformed</c>.</summary>
    /// <param name="request">A request of any content type.</param>
    /// <param name="path">Where to store the file.</param>
    /// <param name="maxFieldBytes">Largest size of each other part in bytes.</param>
    /// <param name="cancel">Cancelled when the client disconnects.</param>
    public static async Task<Outcome<UploadedForm>> ReadAsync(
        HttpRequest request, string path, int maxFieldBytes, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return Problem.Invalid("request.malformed", "The multipart body names no boundary.");
        }

        try
        {
            return await ReadAsync(new MultipartReader(boundary, request.Body) { HeadersCountLimit = MaxHeaders }, path, maxFieldBytes,
                cancel);
        }
        catch (Exception cut) when (cut is IOException or InvalidDataException && cut is not BadHttpRequestException
            && !((cut as IOException)?.IsDiskFull() ?? false))
        {
            File.Delete(path);
            return Problem.Invalid("request.malformed", $"The multipart body breaks off or is malformed: {cut.Message}");
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static async Task<UploadedForm> ReadAsync(MultipartReader reader, string path, int maxFieldBytes, CancellationToken cancel)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var hasFile = false;
        while (await reader.ReadNextSectionAsync(cancel) is { } section)
        {
            var part = NameOf(section);
            if (fields.Count == MaxFields)
            {
                throw new InvalidDataException($"a form may have {MaxFields} parts");
            }

            var isFile = FileParts.Contains(part);
            if (isFile ? hasFile : fields.ContainsKey(part))
            {
                throw new InvalidDataException($"the part '{ReceivedText.Text(part)}' must be given once");
            }

            if (isFile)
            {
                hasFile = true;
                await SaveAsync(section.Body, path, cancel);
            }
            else
            {
                fields[part] = await ReadFieldAsync(section.Body, part, maxFieldBytes, cancel);
            }
        }

        return new(hasFile, fields);
    }

    private static string NameOf(MultipartSection section) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
        && HeaderUtilities.RemoveQuotes(disposition.Name).Value is { Length: > 0 } name
            ? name
            : throw new InvalidDataException("a part has no name in a Content-Disposition");

    private static async Task SaveAsync(Stream body, string path, CancellationToken cancel)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17, useAsync: true);
        await using (file)
        {
            await body.CopyToAsync(file, cancel);
            DurableFile.Flush(file);
        }
    }

    /// <summary>Memory grows with the bytes that actually arrive.</summary>
    private static async Task<string> ReadFieldAsync(Stream body, string part, int maxBytes, CancellationToken cancel)
    {
        using var text = new MemoryStream();
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await body.ReadAsync(buffer, cancel)) > 0)
        {
            if (text.Length + read > maxBytes)
            {
                throw new InvalidDataException($"the field '{ReceivedText.Text(part)}' may have {maxBytes} bytes");
            }

            text.Write(buffer, 0, read);
        }

        var bytes = text.GetBuffer().AsMemory(0, (int)text.Length);
        return Utf8.IsValid(bytes.Span) && !bytes.Span.Contains((byte)0)
            ? Encoding.UTF8.GetString(bytes.Span)
            : throw new InvalidDataException($"the field '{ReceivedText.Text(part)}' must be UTF-8 text without U+0000");
    }
}
