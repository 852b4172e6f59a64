namespace CnnService.Studio.Shell;

/// <summary>The page: it finds the screen of an address.</summary>
public sealed partial class App;
