using CnnService.Client;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>An image as a report names it, to be opened.</summary>
internal static class FoundImage
{
    /// <summary>The image; a report does not tell its size, which is 0 then.</summary>
    public static ImageResource Of(HealthImageResource image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new()
        {
            Id = image.Id,
            Split = image.Split,
            Class = image.Class,
            Labels = [image.Class],
            Source = image.Source,
            Url = image.Url,
            MediaType = string.Empty,
            Width = 0,
            Height = 0,
        };
    }
}
