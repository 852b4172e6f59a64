using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Service;
using CnnService.Studio.Theming;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>The images of a data set that is ready.</summary>
public sealed partial class DatasetView
{
    private static readonly string[] Presets = ["article", "strong"];

    private ImageResource? _opened;
    private bool _knowsLabels;
    private string? _augmentation;

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public DatasetResource Dataset { get; set; } = null!;

    /// <summary>Called when an image was relabelled or removed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>The class that is shown, from the address; null: all.</summary>
    [SupplyParameterFromQuery(Name = "class")]
    public string? Class { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IReadOnlyList<DatasetClass> Classes => Dataset.Classes ?? [];

    private bool IsMultiLabel => Dataset.IsMultiLabel();

    private SplitCounts Splits => Dataset.Images ?? new()
    {
        Train = Classes.Sum(one => one.Train),
        Validation = Classes.Sum(one => one.Validation),
        Test = Classes.Sum(one => one.Test),
    };

    private int Shown => (int)(Class is null ? DatasetWords.Images(Dataset)
        : Classes.Where(one => one.Name == Class).Sum(one => (long)DatasetWords.Images(one)));

    private string BarOf(DatasetClass one, int index)
    {
        var share = (double)DatasetWords.Images(one) / Math.Max(1, Classes.Max(DatasetWords.Images));
        return string.Create(CultureInfo.InvariantCulture, $"width: {100 * share:F1}%; background: {Tokens.SeriesColor(index)}");
    }

    private void ShowClass(string? name) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("class", name));

    private void Open(ImageResource image) => (_opened, _knowsLabels) = (image, true);

    private void OpenPoint(ImageResource image) => (_opened, _knowsLabels) = (image, false);

    private void OpenFound(HealthImageResource image) => OpenPoint(FoundImage.Of(image));

    private Task ChangedAsync()
    {
        _opened = null;
        return Changed.InvokeAsync();
    }
}
