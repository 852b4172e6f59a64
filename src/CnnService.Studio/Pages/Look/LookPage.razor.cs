using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Parts.Images;
using CnnService.Studio.Parts.Models;
using CnnService.Studio.Parts.Networks;
using CnnService.Studio.Theming;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Look;

public sealed partial class LookPage : IDisposable
{
    private readonly Asked<IReadOnlyList<ModelChoice>> _models;

    private readonly Asked<LookedAt> _network;

    private readonly Asked<IReadOnlyList<DatasetResource>> _sets;

    private ChosenImage? _image;

    private string? _loaded;

    private Exception? _given;

    public LookPage() => (_models, _network, _sets) = (new(StateHasChanged), new(StateHasChanged), new(StateHasChanged));

    /// <summary><c>name</c> or <c>name:version</c>; null: the newest.</summary>
    [Parameter]
    public string? Model { get; set; }

    /// <summary>A layer; null: the network as a whole.</summary>
    [SupplyParameterFromQuery(Name = "layer")]
    public string? Layer { get; set; }

    /// <summary>A filter, from 0; null: the layer as a whole.</summary>
    [SupplyParameterFromQuery(Name = "filter")]
    public int? Filter { get; set; }

    /// <summary>What is seen of a layer.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? View { get; set; }

    /// <summary><c>dataset/id</c>; null: one that was given, or the first there is.</summary>
    [SupplyParameterFromQuery(Name = "image")]
    public string? ImageReference { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal ThemeChoice Themes { get; set; } = null!;

    private string Theme => Themes.IsDark ? "dark" : "light";

    private LookAddress Here => new(Chosen?.Name, Layer, Filter, View, ImageReference);

    private ModelChoice? Chosen => ModelChoice.Find(_models.Answer ?? [], Model);

    /// <summary>The data set whose images are offered: the network's own, or any there is.</summary>
    private string? ExampleSet => Chosen?.Dataset is { } own && _sets.Answer?.Any(set => set.Name == own) == true
        ? own
        : ChosenImage.Of(ImageReference)?.Reference!.Split('/')[0] ?? (_sets.Answer is [var first, ..] ? first.Name : null);

    /// <summary>For networks of others: the data set that their filters are tried on.</summary>
    private string? OtherSet => Chosen?.Dataset is null ? ExampleSet : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _models.Dispose();
        _network.Dispose();
        _sets.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadModelsAsync();

    protected override async Task OnParametersSetAsync()
    {
        _image = ChosenImage.Of(ImageReference) is { } named && named.Reference != _image?.Reference ? named : _image;
        await LoadNetworkOfAddressAsync();
    }

    private static VisualLayerLink? Visible(LookedAt network, NetworkBlock block) =>
        block.Layers.Reverse().SelectMany(layer => network.Visible.Where(one => one.Name == layer.Name)).FirstOrDefault();

    private VisualLayerLink? Found(LookedAt network) => network.Visible.FirstOrDefault(one => one.Name == Layer);

    private string? BlockAddress(LookedAt network, NetworkBlock block) => Visible(network, block) is { } layer
        ? (Here with { Layer = layer.Name, Filter = null }).ToString()
        : null;

    private async Task LoadModelsAsync()
    {
        await Task.WhenAll(
            _models.AskAsync(cancel => ModelChoice.ListAsync(Client, true, cancel)),
            _sets.AskAsync(async cancel =>
            {
                var sets = await Client.ListDatasetsAsync(limit: 50, cancellationToken: cancel);
                return [.. sets.Items.Where(set => set.Status == DatasetStatus.Ready)];
            }));
        await LoadNetworkOfAddressAsync();
    }

    private Task LoadNetworkOfAddressAsync()
    {
        if (Chosen is null || _loaded == Chosen.Name)
        {
            return Task.CompletedTask;
        }

        _loaded = Chosen.Name;
        return LoadNetworkAsync();
    }

    private Task LoadNetworkAsync() => _network.AskAsync(cancel => LookedAt.ReadAsync(Client, Chosen!, cancel));

    private void Go(LookAddress address) => Navigation.NavigateTo(address.ToString());

    private void Use(string reference) => Navigation.NavigateTo((Here with { Image = reference }).ToString(), replace: true);

    /// <summary>Nothing is chosen yet: the first image, so that there is something to see at once.</summary>
    private void UseFirst(string reference)
    {
        if (_image is null)
        {
            _image = ChosenImage.Of(reference);
        }
    }

    private async Task UseFilesAsync(DroppedFiles files)
    {
        try
        {
            _image = (await GivenImages.ReadAsync(files, 1, CancellationToken.None))[0];
            _given = null;
        }
        catch (IOException failure)
        {
            _given = failure;
            return;
        }

        Navigation.NavigateTo((Here with { Image = null }).ToString(), replace: true);
    }
}
