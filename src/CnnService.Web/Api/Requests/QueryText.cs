using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>Checks that a query is text and names each parameter once, which ASP.NET Core does not.</summary>
internal static class QueryText
{
    /// <summary>
    /// False if errors were added: a parameter is given more than once (ASP.NET Core joins or picks values), or escaped bytes are not UTF-8
    /// (it replaces them) or are U+0000 (which PostgreSQL cannot store).
    /// </summary>
    public static bool Check(HttpRequest request, ValidationErrors errors)
    {
        foreach (var (name, values) in request.Query.Where(one => one.Value.Count > 1))
        {
            errors.Add(ReceivedText.Text(name), $"must be given once, received {values.Count} times");
        }

        var query = request.QueryString.Value ?? string.Empty;
        if (query.Contains('%'))
        {
            foreach (var part in query[1..].Split('&').Where(part => !IsText(part)))
            {
                var name = part.Split('=')[0];
                errors.Add(ReceivedText.Text(name), $"must be UTF-8 text without U+0000, received \"{ReceivedText.Text(part)}\"");
            }
        }

        return !errors.Any;
    }

    private static bool IsText(string escaped)
    {
        var bytes = Encoding.UTF8.GetBytes(escaped);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var unescaped = bytes[i];
            if (unescaped == '%' && i + 2 < bytes.Length
                && byte.TryParse(bytes.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escape))
            {
                unescaped = escape;
                i += 2;
            }

            bytes[length++] = unescaped;
        }

        return Utf8.IsValid(bytes.AsSpan(0, length)) && !bytes.AsSpan(0, length).Contains((byte)0);
    }
}
