using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.List;

/// <summary>A few images of a data set, of different classes where it has several.</summary>
public sealed partial class DatasetStrip
{
    private const int Shown = 4;

    private readonly List<ImageResource> _images = [];

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public DatasetResource Dataset { get; set; } = null!;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (Dataset.Status != DatasetStatus.Ready || Dataset.Classes is not { Count: > 0 } classes)
        {
            return;
        }

        try
        {
            foreach (var (index, one) in classes.Take(Shown).Index())
            {
                // Three classes have two images of the first: no tile stays empty.
                var each = (Shown - _images.Count + Math.Min(Shown, classes.Count) - index - 1) / (Math.Min(Shown, classes.Count) - index);
                var page = await Client.ListDatasetImagesAsync(Dataset.Name, @class: one.Name, limit: each);
                _images.AddRange(page.Items.Take(Shown - _images.Count));
            }
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            // It is being changed: its tiles stay empty.
        }
    }
}
