using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Features.Operating;

/// <summary>
/// The document that starts the page, and what it may do: run its own scripts and WebAssembly, and the one script in the text, the import
/// map, known by its hash; talk to this service; nothing else.
/// </summary>
/// <param name="Content">UTF-8.</param>
/// <param name="Tag">Of this content.</param>
/// <param name="Policy">Content-Security-Policy.</param>
internal sealed partial record StudioDocument(byte[] Content, EntityTagHeaderValue Tag, string Policy)
{
    /// <summary>Null where the page was not built.</summary>
    public static StudioDocument? Read(IFileInfo file)
    {
        if (!file.Exists)
        {
            return null;
        }

        using var stream = file.CreateReadStream();
        var content = new byte[file.Length];
        stream.ReadExactly(content);
        var scripts = InlineScript().Matches(Encoding.UTF8.GetString(content)).Select(script => script.Groups[1].Value);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
        return new(content, tag, PolicyWith(scripts.Select(script => $" 'sha256-{Hash(script)}'")));
    }

    /// <summary>Styles in the text are the component library's, which sets sizes and places by them.</summary>
    private static string PolicyWith(IEnumerable<string> hashes) =>
        $"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{string.Concat(hashes)}; style-src 'self' 'unsafe-inline'; "
        + "font-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; base-uri 'self'; form-action 'none'; "
        + "frame-ancestors 'none'";

    private static string Hash(string script) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

    [GeneratedRegex("<script(?![^>]*\\ssrc=)[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex InlineScript();
}
