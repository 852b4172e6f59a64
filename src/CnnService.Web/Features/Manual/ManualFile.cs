using System.IO.Hashing;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Features.Manual;

/// <param name="Content">As it is sent.</param>
/// <param name="MediaType">Its Content-Type.</param>
/// <param name="Tag">Of this content.</param>
internal sealed record ManualFile(byte[] Content, string MediaType, EntityTagHeaderValue Tag)
{
    public static ManualFile Create(byte[] content, string mediaType) =>
        new(content, mediaType, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(XxHash3.Hash(content))}\""));
}
