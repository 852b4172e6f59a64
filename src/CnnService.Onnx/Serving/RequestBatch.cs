namespace CnnService.Onnx.Serving;

/// <summary>Requests that go through the network together.</summary>
/// <param name="most">Images at most; a single request may have more.</param>
internal sealed class RequestBatch(int most)
{
    public List<BatchRequest> Requests { get; } = [];

    public int Images { get; private set; }

    public bool IsFull => Images >= most;

    /// <summary>False where it has no room for the request.</summary>
    public bool TryAdd(BatchRequest request)
    {
        if (Images > 0 && Images + request.Count > most)
        {
            return false;
        }

        if (request.TryTake())
        {
            Requests.Add(request);
            Images += request.Count;
        }

        return true;
    }
}
