using CnnService.Studio.Browser;

namespace CnnService.Studio.Parts.Images;

/// <summary>Files as addresses that an image element takes, without asking the browser for one that has to be given back.</summary>
internal static class ImageAddresses
{
    /// <summary>Of an image file.</summary>
    public static string Of(byte[] file) => $"data:{MediaTypes.Of(file)};base64,{Convert.ToBase64String(file)}";
}
