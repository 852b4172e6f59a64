namespace CnnService.Studio.Shell;

/// <summary>An address that leads to no screen.</summary>
public sealed partial class NotFound;
