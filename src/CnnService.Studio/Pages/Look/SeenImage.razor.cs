namespace CnnService.Studio.Pages.Look;

/// <summary>An image as the network takes it, with what a cell sees of it.</summary>
public sealed partial class SeenImage;
