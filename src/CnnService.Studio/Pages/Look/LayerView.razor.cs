namespace CnnService.Studio.Pages.Look;

/// <summary>A layer: what can be seen of it.</summary>
public sealed partial class LayerView;
