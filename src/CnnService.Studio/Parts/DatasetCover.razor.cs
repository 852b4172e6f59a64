using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>The first image of a data set, by which people know it again; an empty tile where there is none.</summary>
public sealed partial class DatasetCover
{
    private string? _asked;
    private string? _image;

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public string Dataset { get; set; } = string.Empty;

    /// <summary>Side of the square, in pixels.</summary>
    [Parameter]
    public int Size { get; set; } = 56;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_asked == Dataset)
        {
            return;
        }

        _asked = Dataset;
        try
        {
            _image = (await Client.ListDatasetImagesAsync(Dataset, limit: 1)).Items is [var first, ..] ? first.Id : null;
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _image = null; // An import under way, or a data set that has gone: the tile stays empty.
        }
    }
}
