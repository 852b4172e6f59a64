using System.Text;
using System.Text.Unicode;
using CnnService.Core.Common;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Api.Requests;

/// <summary>A multipart form with large files, which are streamed to disk without being buffered in memory.</summary>
/// <param name="Files">The parts named <c>file</c> or <c>files</c>, in their order.</param>
/// <param name="Fields">The other parts as text, by name.</param>
internal sealed record UploadedForm(IReadOnlyList<UploadedFile> Files, IReadOnlyDictionary<string, string> Fields)
{
    private const int MaxHeaders = 16;
    private const int MaxFields = 32;
    private const int BufferBytes = 4096;

    /// <summary>Names of the part with the file: the second is what requests with several files call it.</summary>
    private static readonly string[] FileParts = ["file", "files"];

    /// <summary>Whether the form had the part <c>file</c>.</summary>
    public bool HasFile => Files.Count > 0;

    /// <summary>Reads the form. On a problem no file is left on disk. Problem: <c>request.malformed</c>.</summary>
    /// <param name="request">A request of any content type.</param>
    /// <param name="path">Where to store the file; further ones get a number behind it.</param>
    /// <param name="maxFieldBytes">Largest size of each other part in bytes.</param>
    /// <param name="cancel">Cancelled when the client disconnects.</param>
    /// <param name="maxFiles">Most parts named <c>file</c>.</param>
    public static async Task<Outcome<UploadedForm>> ReadAsync(
        HttpRequest request, string path, int maxFieldBytes, CancellationToken cancel, int maxFiles = 1)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return Problem.Invalid("request.malformed", "The multipart body names no boundary.");
        }

        var files = new List<UploadedFile>();
        try
        {
            var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = MaxHeaders };
            return new UploadedForm(files, await ReadAsync(reader, path, files, maxFiles, maxFieldBytes, cancel));
        }
        catch (Exception cut) when (cut is IOException or InvalidDataException && cut is not BadHttpRequestException
            && !((cut as IOException)?.IsDiskFull() ?? false))
        {
            files.ForEach(file => File.Delete(file.Path));
            return Problem.Invalid("request.malformed", $"The multipart body breaks off or is malformed: {cut.Message}");
        }
        catch
        {
            files.ForEach(file => File.Delete(file.Path));
            throw;
        }
    }

    private static async Task<Dictionary<string, string>> ReadAsync(
        MultipartReader reader, string path, List<UploadedFile> files, int maxFiles, int maxFieldBytes, CancellationToken cancel)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadNextSectionAsync(cancel) is { } section)
        {
            var disposition = DispositionOf(section);
            var part = HeaderUtilities.RemoveQuotes(disposition.Name).Value!;
            if (fields.Count == MaxFields)
            {
                throw new InvalidDataException($"a form may have {MaxFields} parts");
            }

            var isFile = FileParts.Contains(part);
            if (isFile ? files.Count == maxFiles : fields.ContainsKey(part))
            {
                throw new InvalidDataException(isFile && maxFiles > 1
                    ? $"the part '{FileParts[0]}' must be given {maxFiles} times at most"
                    : $"the part '{ReceivedText.Text(part)}' must be given once");
            }

            if (isFile)
            {
                files.Add(new(LastPart(disposition), files.Count == 0 ? path : $"{path}.{files.Count}"));
                await SaveAsync(section.Body, files[^1].Path, cancel);
            }
            else
            {
                fields[part] = await ReadFieldAsync(section.Body, part, LastPart(disposition).Length > 0, maxFieldBytes, cancel);
            }
        }

        return fields;
    }

    private static ContentDispositionHeaderValue DispositionOf(MultipartSection section) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
        && HeaderUtilities.RemoveQuotes(disposition.Name).Value is { Length: > 0 }
            ? disposition
            : throw new InvalidDataException("a part has no name in a Content-Disposition");

    /// <summary>The file's name without the folders that some clients send.</summary>
    private static string LastPart(ContentDispositionHeaderValue disposition)
    {
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName)
            .Value ?? string.Empty;
        return name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
    }

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
    private static async Task<string> ReadFieldAsync(Stream body, string part, bool isFile, int maxBytes, CancellationToken cancel)
    {
        using var text = new MemoryStream();
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await body.ReadAsync(buffer, cancel)) > 0)
        {
            if (text.Length + read > maxBytes)
            {
                throw new InvalidDataException($"the field '{ReceivedText.Text(part)}' may have {maxBytes} bytes"
                    + (isFile ? $"; the file to import goes in the field '{FileParts[0]}'" : string.Empty));
            }

            text.Write(buffer, 0, read);
        }

        var bytes = text.GetBuffer().AsMemory(0, (int)text.Length);
        return Utf8.IsValid(bytes.Span) && !bytes.Span.Contains((byte)0)
            ? Encoding.UTF8.GetString(bytes.Span)
            : throw new InvalidDataException($"the field '{ReceivedText.Text(part)}' must be UTF-8 text without U+0000");
    }
}
