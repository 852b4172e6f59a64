using System.Globalization;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Uploads;

/// <summary>The file that is going to be uploaded.</summary>
internal sealed record UploadRequest
{
    private const int MaxName = 255;
    private const string LengthHeader = "Upload-Length";
    private const string MetadataHeader = "Upload-Metadata";
    private const string FileName = "filename";

    /// <summary>Size of the whole file in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Name of the file, for people; up to 255 characters.</summary>
    public string? Name { get; init; }

    /// <summary>From JSON, or from the headers that clients of the tus protocol send.</summary>
    public static async Task<Outcome<UploadRequest>> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancel)
    {
        if (!request.Headers.TryGetValue(LengthHeader, out var length))
        {
            return await JsonRequest.ReadAsync<UploadRequest>(request, cancel, (read, errors) => read.Check(maxBytes, errors));
        }

        var errors = new ValidationErrors();
        var text = length.ToString();
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size);
        errors.Require(isNumber, LengthHeader, $"must be a number of bytes, received \"{ReceivedText.Text(text)}\"");
        var upload = new UploadRequest { Size = size, Name = NameIn(request.Headers[MetadataHeader].ToString()) };
        if (isNumber)
        {
            upload.Check(maxBytes, errors);
        }

        return errors.ToOutcome(upload);
    }

    private void Check(long maxBytes, ValidationErrors errors)
    {
        errors.Between(Size, 1, maxBytes, "size");
        errors.Require(Name is null || (Name.Length is >= 1 and <= MaxName && !Name.Any(char.IsControl)), "name",
            $"must have 1 to {MaxName} characters without control characters, received \"{ReceivedText.Text(Name ?? string.Empty)}\"");
    }

    /// <summary>The file name among pairs of a key and base64; null where there is none.</summary>
    private static string? NameIn(string metadata)
    {
        var value = metadata.Split(',').Select(pair => pair.Trim().Split(' ')).FirstOrDefault(pair => pair is [FileName, _])?[1];
        var bytes = new byte[value?.Length ?? 0];
        return value is not null && Convert.TryFromBase64String(value, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
